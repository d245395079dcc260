"""Scripts that run while the mail is parsed: each line breaks out of something else."""

PARSED = r"""
<script>RUN</script>
<ScRiPt>RUN</sCrIpT>
<script/anything>RUN</script>
<script[TAB]>RUN</script[LF]>
<script[FF]>RUN</script[FF]>
<script>RUN</script/x>
<script x="</script>">RUN</script>
<script a='>'>RUN</script>
<script type="">RUN</script>
<script type=text/javascript>RUN</script>
<script type=TEXT/ECMAscript>RUN</script>
<script type="text/jscript">RUN</script>
<script type=" application/javascript ">RUN</script>
<script type=application/x-ecmascript>RUN</script>
<script language=livescript>RUN</script>
<script language=JavaScript1.3>RUN</script>
<script type=module>RUN</script>
<script nomodule type=module>RUN</script>
<script async defer>RUN</script>
<script>//[LF]RUN</script>
<script><!--[LF]RUN</script>
<script><!-- --> [LF]RUN</script>
<script>/*</b>*/RUN</script>
<script>if(1){RUN}</script>
<script>eval("\x74op.postMessage(NUMBER,'*')")</script>
<script>Function("t\u006fp.postMessage(NUMBER,'*')")()</script>
<script>setTimeout("RUN")</script>
<script>queueMicrotask(()=>RUN)</script>
<script>[][`filter`][`constructor`]("RUN")()</script>
<script>t\u006fp.postMessage(NUMBER,`*`)</script>
<script>window[/to/.source+/p/.source].postMessage(NUMBER,`*`)</script>
<script>document.write("<script>RUN<\/script>")</script>
<script>document.write("<img src=x: onerror=RUN>")</script>
<script>document.documentElement.innerHTML="<img src=x: onerror=RUN>"</script>
<script>location="javascript:RUN"</script>
<script>import("data:text/javascript,RUN")</script>
<script>import("data:text/javascript;base64,BASE64")</script>
<script src="data:,RUN"></script>
<script src="data:text/javascript,RUN"></script>
<script src=data:text/javascript;base64,BASE64></script>
<script src="&#100;ata:,RUN"></script>
<script src=" data:,RUN "></script>
<script src="da[TAB]ta:,RUN"></script>
<script src="data:x/y;charset=utf-8,RUN"></script>
<script type=module src="data:text/javascript,RUN"></script>
</p></div></td></table><script>RUN</script>
<p><script>RUN</script></p>
<b><i><b><i><script>RUN</script>
<table><script>RUN</script></table>
<table><tr><td><script>RUN</script>
<table><tbody><script>RUN</script></tbody></table>
<table><colgroup><template></template></colgroup><caption><script>RUN</script></caption></table>
<table><tr><script>RUN</script></tr></table>
<select><script>RUN</script></select>
<select><option><script>RUN</script></select>
<ruby><rt><script>RUN</script></ruby>
<button><script>RUN</script></button>
<object><script>RUN</script></object>
<video><script>RUN</script></video>
<canvas><script>RUN</script></canvas>
<details><summary><script>RUN</script></summary></details>
<fieldset><legend><script>RUN</script></legend></fieldset>
<dialog><script>RUN</script></dialog>
<marquee><script>RUN</script></marquee>
<nobr><nobr><script>RUN</script></nobr>
<a><table><a><script>RUN</script></a></table>
<form><form><script>RUN</script></form>
<x-mail><script>RUN</script></x-mail>
<o:p><script>RUN</script></o:p>
<head><script>RUN</script></head>
<body><script>RUN</script></body>
</body></html><script>RUN</script>
<html><body></html><body><script>RUN</script>
<!--><script>RUN</script>-->
<!---><script>RUN</script>-->
<!----!><script>RUN</script>-->
<!--x--!><script>RUN</script>-->
<!-><script>RUN</script>
<!><script>RUN</script>
<!x><script>RUN</script>
<![CDATA[><script>RUN</script>]]>
<?php ?><script>RUN</script>
<?x "><script>RUN</script>
</><script>RUN</script>
</ ><script>RUN</script>
</?><script>RUN</script>
<!DOCTYPE html><script>RUN</script>
<!DOCTYPE x SYSTEM "a>b"><script>RUN</script>
<1><script>RUN</script>
< ><script>RUN</script>
<<script>RUN</script>
<b =><script>RUN</script>
<b a="><b>"><script>RUN</script>
<title><b a="</title><script>RUN</script>">
<textarea><b a="</textarea><script>RUN</script>">
<style><b a="</style><script>RUN</script>">
<xmp><b a="</xmp><script>RUN</script>">
<iframe><b a="</iframe><script>RUN</script>">
<noembed><b a="</noembed><script>RUN</script>">
<noframes><b a="</noframes><script>RUN</script>">
<noscript><b a="</noscript><script>RUN</script>">
<script type=text/plain><b a="</script><script>RUN</script>">
<script><!--</script><script>RUN</script>
<title></ title></title ><script>RUN</script>
<textarea></textarea/x><script>RUN</script>
<style></style[FF]x><script>RUN</script>
<svg><script>RUN</script></svg>
<svg><script>&#116;op.postMessage(NUMBER,`*`)</script></svg>
<svg><script><![CDATA[RUN]]></script></svg>
<svg><script>to<!-- -->p.postMessage(NUMBER,`*`)</script></svg>
<svg><script href="data:,RUN" /></svg>
<svg><script xlink:href="data:text/javascript,RUN" /></svg>
<svg><script type=module>RUN</script></svg>
<svg><g><defs><script>RUN</script></defs></g></svg>
<svg><foreignObject><script>RUN</script></foreignObject></svg>
<svg><desc><script>RUN</script></desc></svg>
<svg><title><script>RUN</script></title></svg>
<svg><style><script>RUN</script></style></svg>
<svg><p><script>RUN</script>
<svg><font color=x><script>RUN</script>
<svg></br><script>RUN</script>
<math><script></script></math><script>RUN</script>
<math><mi><script>RUN</script></mi></math>
<math><mtext><script>RUN</script></mtext></math>
<math><annotation-xml encoding=text/html><script>RUN</script></annotation-xml></math>
<math><annotation-xml encoding="application/xhtml+xml"><script>RUN</script></annotation-xml></math>
<math><annotation-xml><svg><script>RUN</script></svg></annotation-xml></math>
<math><mtext><table><mglyph><style><!--</style><script>RUN</script>
<math><span><script>RUN</script>
<div><template shadowrootmode=open><script>RUN</script></template></div>
<iframe srcdoc="<script>RUN</script>"></iframe>
<iframe srcdoc="&lt;script&gt;RUN&lt;/script&gt;"></iframe>
<iframe srcdoc="<iframe srcdoc='<script>RUN</script>'>"></iframe>
<iframe srcdoc="<svg onload=RUN>"></iframe>
<iframe src="javascript:RUN"></iframe>
<iframe src="java[TAB]script:RUN"></iframe>
<iframe src="&#1;JavaScript:RUN"></iframe>
<iframe src="javascript:'<script>RUN</script>'"></iframe>
<iframe src="javascript&colon;RUN"></iframe>
<iframe src="javascript://x%0aRUN"></iframe>
<iframe src="data:text/html,<script>RUN</script>"></iframe>
<iframe src="data:text/html;base64,BASE64HTML"></iframe>
<iframe src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='RUN'/>"></iframe>
<iframe src="data:text/xml,<s xmlns='http://www.w3.org/1999/xhtml'><script>RUN</script></s>"></iframe>
<iframe src="data:application/xhtml+xml,<script xmlns='http://www.w3.org/1999/xhtml'>RUN</script>"></iframe>
<frameset><frame src="javascript:RUN"></frameset>
<frameset><frame src="data:text/html,<script>RUN</script>"></frameset>
<object data="data:text/html,<script>RUN</script>"></object>
<object type=text/html data="data:text/html;base64,BASE64HTML"></object>
<object data="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><script>RUN</script></svg>"></object>
<embed src="data:text/html,<script>RUN</script>">
<embed type=image/svg+xml src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='RUN'/>">
<base href="data:/"><script src="data:,RUN"></script>
""".strip().split("\n")
