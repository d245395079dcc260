"""Styles that ask another machine for something, by an attribute or a sheet."""

PAINTED = r"""
<p style="background:url(URL/p.gif)">x</p>
<p style="background:url('URL/p.gif')">x</p>
<p style='background:url("URL/p.gif")'>x</p>
<p style="BACKGROUND:Url(URL/p.gif)">x</p>
<p style="background : url( URL/p.gif )">x</p>
<p style="background:url(URL/p.gif">x</p>
<p style="background:url('URL/p.gif">x</p>
<p style="background/**/:/**/url(URL/p.gif)">x</p>
<p style="background:red/**/url(URL/p.gif)">x</p>
<p style="background:u\72 l(URL/p.gif)">x</p>
<p style="background:\75 rl(URL/p.gif)">x</p>
<p style="background:\000075\000072\00006c(URL/p.gif)">x</p>
<p style="background:ur\l(URL/p.gif)">x</p>
<p style="b\61 ckground:url(URL/p.gif)">x</p>
<p style="\62 ackground:url(URL/p.gif)">x</p>
<p style="background:url(ht\74ps://HOST/p.gif)">x</p>
<p style="background:url(\68 ttps://HOST/p.gif)">x</p>
<p style="background:url(https\3a//HOST/p.gif)">x</p>
<p style="background:url(//HOST/p.gif)">x</p>
<p style="background:url(&#104;ttps://HOST/p.gif)">x</p>
<p style="&#98;ackground:&#x75;rl(URL/p.gif)">x</p>
<p style="background:url('ht\[LF]tps://HOST/p.gif')">x</p>
<p style="color:red;background:url(URL/p.gif)">x</p>
<p style=";;;background:url(URL/p.gif)">x</p>
<p style="color:};background:url(URL/p.gif)">x</p>
<p style="x:y!z;background:url(URL/p.gif)!important">x</p>
<p style="{x:y};background:url(URL/p.gif)">x</p>
<p style="@x{};background:url(URL/p.gif)">x</p>
<p style="@x;background:url(URL/p.gif)">x</p>
<p style="/*;*/background:url(URL/p.gif)">x</p>
<p style="font-family:'a\'b';background:url(URL/p.gif)">x</p>
<p style="font-family:'a[LF];background:url(URL/p.gif)">x</p>
<p style="background-image:url(URL/p.gif)">x</p>
<p style="background:none,url(URL/p.gif)">x</p>
<p style="background-image:linear-gradient(red,red),url(URL/p.gif)">x</p>
<p style="background-image:image-set('URL/p.gif' 1x)">x</p>
<p style="background-image:image-set(url(URL/p.gif) 1x)">x</p>
<p style="background-image:image-set(url(URL/p.gif) type('image/gif'))">x</p>
<p style="background-image:-webkit-image-set(url(URL/p.gif) 1x)">x</p>
<p style="background-image:-webkit-cross-fade(url(URL/p.gif),url(URL/q.gif),9%)">x</p>
<p style="border:1px solid;border-image-source:url(URL/p.gif)">x</p>
<p style="border:1px solid;-webkit-border-image:url(URL/p.gif) 1">x</p>
<p style="display:list-item;list-style:url(URL/p.gif)">x</p>
<p style="display:list-item;list-style-image:url(URL/p.gif)">x</p>
<ul style="list-style-image:url(URL/p.gif)"><li>x</ul>
<ol style="list-style:square url(URL/p.gif)"><li>x</ol>
<p style="content:url(URL/p.gif)">x</p>
<img style="content:url(URL/p.gif)" src=x:>
<p style="cursor:url(URL/p.cur),auto">x</p>
<p style="mask:url(URL/p.gif)">x</p>
<p style="mask-image:url(URL/p.gif)">x</p>
<p style="-webkit-mask:url(URL/p.gif)">x</p>
<p style="-webkit-mask-image:url(URL/p.gif)">x</p>
<p style="-webkit-mask-box-image:url(URL/p.gif) 1">x</p>
<p style="mask:url(URL/p.svg#m)">x</p>
<p style="clip-path:url(URL/p.svg#c)">x</p>
<p style="-webkit-clip-path:url(URL/p.svg#c)">x</p>
<p style="float:left;width:9px;height:9px;shape-outside:url(URL/p.gif)">x</p>
<p style="-webkit-box-reflect:below 0 url(URL/p.gif)">x</p>
<p style="--u:url(URL/p.gif);background:var(--u)">x</p>
<p style="background:var(--none,url(URL/p.gif))">x</p>
<div style="--u:url(URL/p.gif)"><b style="background:var(--u)">x</b></div>
<p style="all:unset;background:url(URL/p.gif)">x</p>
<p style="background:if(style(--x):none;else:url(URL/p.gif))">x</p>
<p style="background:url(URL/p.gif);display:inline-block">x</p>
<td style="background:url(URL/p.gif)"><b style="background:url(URL/p.gif)">x</b></td>
<font style="background:url(URL/p.gif)">x</font>
<table style="background:url(URL/p.gif)"><tr><td>x</table>
<hr style="background:url(URL/p.gif)">
<body style="background:url(URL/p.gif)">
<html style="background:url(URL/p.gif)">
<x-mail style="background:url(URL/p.gif)">x</x-mail>
<style>@import "URL/a.css";</style>
<style>@import url(URL/a.css);</style>
<style>@import url("URL/a.css") screen;</style>
<style>@import "URL/a.css" layer(x);</style>
<style>@import "URL/a.css" supports(color:red);</style>
<style>@\69mport "URL/a.css";</style>
<style>@charset "x";@import "URL/a.css";</style>
<style>/**/@import/**/"URL/a.css"</style>
<style><!-- @import "URL/a.css"; --></style>
<style>@layer a;@import "URL/a.css";</style>
<style type=text/css>*{background:url(URL/p.gif)}</style>
<style media=all>p{background:url(URL/p.gif)}</style><p>x
<p><style>p{background:url(URL/p.gif)}</style>x
<style>p::before{content:url(URL/p.gif)}</style><p>x
<style>p::after{content:"a" url(URL/p.gif)}</style><p>x
<style>p::first-letter{background:url(URL/p.gif)}</style><p>x
<style>p::first-line{background:url(URL/p.gif)}</style><p>x
<style>li::marker{content:url(URL/p.gif)}</style><ul><li>x</ul>
<style>input::placeholder{background:url(URL/p.gif)}</style><input placeholder=x>
<style>p[title^=a]{background:url(URL/p.gif)}</style><p title=ab>x
<style>p:has(b){background:url(URL/p.gif)}</style><p><b>x
<style>:root{background:url(URL/p.gif)}</style>
<style>:is(p,b){background:url(URL/p.gif)}</style><p>x
<style>@media screen{p{background:url(URL/p.gif)}}</style><p>x
<style>@media (min-width:1px){p{background:url(URL/p.gif)}}</style><p>x
<style>@media (prefers-color-scheme:light){p{background:url(URL/p.gif)}}</style><p>x
<style>@supports(color:red){p{background:url(URL/p.gif)}}</style><p>x
<style>@layer x{p{background:url(URL/p.gif)}}</style><p>x
<style>@scope(body){p{background:url(URL/p.gif)}}</style><p>x
<style>div{container-type:inline-size}@container(width>1px){p{background:url(URL/p.gif)}}</style><div><p>x</p></div>
<style>body{& p{background:url(URL/p.gif)}}</style><p>x
<style>@starting-style{}p{background:url(URL/p.gif)}</style><p>x
<style>@keyframes k{from,to{background:url(URL/p.gif)}}p{animation:k 9s}</style><p>x
<style>@font-face{font-family:f;src:url(URL/f.woff)}p{font-family:f}</style><p>x
<style>@font-face{font-family:f;src:local(x),url(URL/f.woff2)format("woff2")}*{font-family:f}</style><p>x
<style>@font-face{font-family:f;unicode-range:U+78;src:url(URL/f.woff)}p{font-family:f}</style><p>x
<style>@property --u{syntax:"<image>";inherits:false;initial-value:url(URL/p.gif)}p{background:var(--u)}</style><p>x
<style>@namespace x "y";p{background:url(URL/p.gif)}</style><p>x
<style>}p{background:url(URL/p.gif)}</style><p>p<style>p{background:url(URL/p.gif)}</style>
<style>p{background:u\72l(URL/p.gif)}</style><p>x
<style>p{;background:url(URL/p.gif)}</style><p>x
<link rel=stylesheet href="data:text/css,*{background:url(URL/p.gif)}">
<link rel=stylesheet href="data:text/css,@import 'URL/a.css';">
<style>@import "data:text/css,*{background:url(URL/p.gif)}";</style>
<svg><rect fill="url(URL/p.svg#p)" width=9 height=9 /></svg>
<svg><rect clip-path="url(URL/p.svg#p)" width=9 height=9 /></svg>
<svg><rect mask="url(URL/p.svg#p)" width=9 height=9 /></svg>
<svg><rect stroke="url(URL/p.svg#p)" width=9 height=9 /></svg>
<svg><path marker-end="url(URL/p.svg#p)" d="M0 0h9" /></svg>
""".strip().split("\n")

PAINTED_ON_HOVER = r"""
<style>p:hover{background:url(URL/p.gif)}</style><p>wide text to press</p>
<style>p{transition:background 1ms}p:hover{background-image:url(URL/p.gif)}</style><p>wide text to press</p>
<p style="cursor:url(URL/p.png),auto">wide text to press</p>
""".strip().split("\n")
