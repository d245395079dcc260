"""What tells the sender that a mail was read, or brings in more: each line asks another machine for something."""

ASKED = r"""
<img src="URL/p.gif">
<img src='URL/p.gif' width=1 height=1>
<img src=URL/p.gif>
<IMG SRC=URL/P.GIF>
<img src=//HOST/p.gif>
<img src="\\HOST/p.gif">
<img src="/\HOST/p.gif">
<img src="http:HOST/p.gif">
<img src="http:/HOST/p.gif">
<img src="https:\\HOST/p.gif">
<img src="https:////HOST/p.gif">
<img src="ht[TAB]tps://HOST/p.gif">
<img src=" &#1;https://HOST/p.gif ">
<img src="&#104;ttps&colon;//HOST/p.gif">
<img src="https&colon;&sol;&sol;HOST/p.gif">
<img src="HTTPS://HOST/p.gif">
<img src="http://HOST/p.gif">
<img loading=lazy src=URL/p.gif>
<img decoding=async fetchpriority=high src=URL/p.gif>
<img crossorigin src=URL/p.gif>
<img style=display:none src=URL/p.gif>
<img hidden src=URL/p.gif>
<img src=URL/p.gif src=cid:a>
<img srcset="URL/p.gif 1x">
<img srcset="URL/p.gif 9w, URL/q.gif 99w" sizes=9px>
<img srcset=,URL/p.gif>
<image src=URL/p.gif>
<picture><source srcset=URL/p.gif><img></picture>
<picture><source media="(min-width:1px)" srcset=URL/p.gif><img></picture>
<picture><source type=image/gif srcset="URL/p.gif 1x"><img alt=x></picture>
<input type=image src=URL/p.gif>
<video src=URL/v.mp4></video>
<video autoplay muted src=URL/v.mp4></video>
<video poster=URL/p.gif></video>
<video><source src=URL/v.mp4></video>
<audio src=URL/a.mp3></audio>
<audio preload=metadata src=URL/a.mp3></audio>
<audio><source src=URL/a.mp3></audio>
<video src="data:audio/wav;base64,WAV" crossorigin><track default src=URL/t.vtt></video>
<body background=URL/p.gif>
<table background=URL/p.gif><tr><td>x</table>
<table><tr><td background=URL/p.gif>x</table>
<table><tr><th background=URL/p.gif>x</table>
<table><tr background=URL/p.gif><td>x</table>
<table><thead background=URL/p.gif><tr><td>x</table>
<table><tbody background=URL/p.gif><tr><td>x</table>
<table><tfoot background=URL/p.gif><tr><td>x</table>
<iframe src=URL></iframe>
<iframe src=URL sandbox></iframe>
<iframe srcdoc="<img src=URL/p.gif>"></iframe>
<iframe srcdoc="<meta http-equiv=refresh content='0;url=URL'>"></iframe>
<iframe src="data:text/html,<img src=URL/p.gif>"></iframe>
<iframe loading=lazy src=URL></iframe>
<frameset><frame src=URL></frameset>
<object data=URL></object>
<object type=text/html data=URL></object>
<object type=image/gif data=URL/p.gif></object>
<embed src=URL>
<embed type=text/html src=URL>
<embed type=image/gif src=URL/p.gif>
<meta http-equiv=refresh content="0;url=URL">
<meta http-equiv=refresh content="0; URL">
<meta http-equiv=refresh content="0,url='URL'">
<meta http-equiv="&#82;efresh" content=0;URL>
<p><meta content="0;url=URL" http-equiv=REFRESH>
<base href=URL/><img src=p.gif>
<base href=URL/><p style="background:url(p.gif)">x</p>
<base href=URL/><link rel=stylesheet href=a.css>
<base href=//HOST/><img src=p.gif>
<link rel=stylesheet href=URL/a.css>
<link rel="alternate stylesheet" title=x href=URL/a.css>
<link rel=StyleSheet type=text/css media=print href=URL/a.css>
<p><link rel=stylesheet href=URL/a.css>
<link rel=preload as=image href=URL/p.gif>
<link rel=preload as=style href=URL/a.css>
<link rel=preload as=script href=URL/a.js>
<link rel=preload as=font crossorigin href=URL/a.woff2>
<link rel=preload as=fetch crossorigin href=URL/a>
<link rel=preload as=image imagesrcset="URL/p.gif 1x">
<link rel=modulepreload href=URL/a.js>
<link rel=prefetch href=URL/a>
<script src=URL/a.js></script>
<script src=//HOST/a.js></script>
<script src=URL/a.js async></script>
<script src=URL/a.js defer></script>
<script type=module src=URL/a.js></script>
<script type=module>import"URL/a.js"</script>
<script>fetch("URL")</script>
<script>new Image().src="URL/p.gif"</script>
<script>navigator.sendBeacon("URL")</script>
<script>location="URL"</script>
<script>new XMLHttpRequest().open("GET","URL");x=new XMLHttpRequest();x.open("GET","URL");x.send()</script>
<script>new EventSource("URL")</script>
<script>document.write("<img src=URL/p.gif>")</script>
<svg><image href=URL/p.gif />
<svg><image xlink:href=URL/p.gif />
<svg><script href=URL/a.js /></svg>
<svg><script xlink:href=URL/a.js /></svg>
<svg><feImage href=URL/p.gif />
<svg><filter id=f><feImage href=URL/p.gif /></filter><rect width=9 height=9 filter=url(#f) /></svg>
<svg><style>@import "URL/a.css";</style></svg>
<svg><style>*{background:url(URL/p.gif)}</style></svg>
<svg style="background:url(URL/p.gif)"></svg>
<svg><foreignObject width=9 height=9><img src=URL/p.gif></foreignObject></svg>
<svg><image><set attributeName=href to=URL/p.gif /></image></svg>
<svg><image><animate attributeName=href values=URL/p.gif /></image></svg>
<svg><rect width=9 height=9 style="mask:url(URL/p.svg#m)" /></svg>
<svg></p><img src=URL/p.gif>
<svg><title><img src=URL/p.gif></title></svg>
<math><mtext><img src=URL/p.gif></mtext></math>
<math><mtext><p style="background:url(URL/p.gif)">x
<noscript><b a="</noscript><img src=URL/p.gif>">
<style><b a="</style><img src=URL/p.gif>">
<!--><img src=URL/p.gif>-->
<![CDATA[><img src=URL/p.gif>]]>
<div><template shadowrootmode=open><img src=URL/p.gif></template></div>
<div><template shadowrootmode=open><style>:host{background:url(URL/p.gif)}</style></template></div>
""".strip().split("\n")

ASKED_ON_CLICK = r"""
<form action=URL><button>wide text to press</button></form>
<form method=post action=URL><button>wide text to press</button></form>
<form action=URL><input type=submit value="wide text to press"></form>
<form action=URL><input type=image alt="wide text to press" src=x: width=200 height=50></form>
<form action=x:><button formaction=URL>wide text to press</button></form>
<form id=f action=URL></form><button form=f>wide text to press</button>
<form action=URL><label for=go>wide text to press</label><button id=go>x</button></form>
<base href=URL/><form action=x><button>wide text to press</button></form>
<a href=#x ping=URL>wide text to press</a>
<a href=#x ping="x: URL">wide text to press</a>
<map name=m><area shape=default href=#x ping=URL></map><img usemap=#m width=200 height=50 src="PICTURE">
""".strip().split("\n")
