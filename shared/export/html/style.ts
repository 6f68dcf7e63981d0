/** The report's look: the screen's colours, for both themes and for paper. A hue always means a layer or a state, and always comes with a word. */
export const style = `
:root{color-scheme:light dark;
--page:light-dark(#f4f5f7,#0c0e10);--pane:light-dark(#fff,#15181c);--sunken:light-dark(#f7f8fa,#111316);--line:light-dark(#dde0e5,#2a2f36);--line-soft:light-dark(#edeff2,#20242a);
--ink:light-dark(#15181c,#edf0f3);--ink-2:light-dark(#434a54,#b9c0c9);--ink-3:light-dark(#5d6570,#949da8);
--cut:light-dark(#b3142c,#ff8f97);--cut-line:light-dark(#d11f3a,#ff5f6d);--cut-soft:light-dark(#fcebed,#35171c);
--failed:light-dark(#8f4300,#f7ab63);--failed-soft:light-dark(#fdf0e3,#33210f);--completed:light-dark(#0c673c,#63d49c);--completed-soft:light-dark(#e5f5eb,#122c1e);--warn:light-dark(#735000,#e8c25c);
--client:light-dark(#234f9e,#8fb0f5);--client-fill:light-dark(#aac4ee,#32508f);--network:light-dark(#68717c,#c3cad2);--network-fill:light-dark(#e4e7eb,#4a525c);
--proxy:light-dark(#7a1254,#e27dbb);--proxy-fill:light-dark(#dfa6cb,#651c4c);--gateway:light-dark(#856500,#dfc756);--gateway-fill:light-dark(#f4e29a,#4f4006);
--connector:light-dark(#14693a,#78d394);--connector-fill:light-dark(#aedcba,#1c6038);--python:light-dark(#006d8c,#62d3ee);--python-fill:light-dark(#c6effa,#0b4160);
--os:light-dark(#5b4a42,#c9b4a8);--os-fill:light-dark(#e5dad3,#463a34);
--mono:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:13px/1.5 -apple-system,BlinkMacSystemFont,"Segoe UI Variable Text","Segoe UI",Roboto,Cantarell,Ubuntu,"Noto Sans","Liberation Sans",system-ui,sans-serif}
main{max-width:1120px;margin:0 auto;padding:24px 16px 40px}
code,pre,.mono{font-family:var(--mono);font-size:12px}
section,header.verdict{background:var(--pane);border:1px solid var(--line);border-radius:8px;margin:0 0 16px;padding:16px 20px}
header.verdict{border-left-width:4px}
header.cut{border-left-color:var(--cut-line)}header.failed{border-left-color:var(--failed)}header.completed{border-left-color:var(--completed)}
h1{font-size:22px;line-height:1.25;letter-spacing:-.01em;margin:10px 0 6px;max-width:40em}
h2{font-size:15px;margin:0 0 10px}h2 small{font-weight:400;font-size:13px;color:var(--ink-3);margin-left:6px}
h3,h2.small{font-size:13px;margin:16px 0 4px}
p{margin:0 0 6px;max-width:110ch}
.meta{display:flex;flex-wrap:wrap;gap:4px 14px;color:var(--ink-3);align-items:center}
.badge{font-weight:600;padding:1px 8px;border-radius:4px;text-transform:capitalize}
.badge.cut{color:var(--cut);background:var(--cut-soft)}.badge.failed{color:var(--failed);background:var(--failed-soft)}.badge.completed{color:var(--completed);background:var(--completed-soft)}
.explanation{color:var(--ink-2)}
.flow{display:flex;flex-wrap:wrap;gap:8px 0;list-style:none;margin:16px 0 4px;padding:0}
.flow li{display:flex;align-items:flex-start;flex:1 1 130px;min-width:120px}
.flow li:not(:last-child)::after{content:"";flex:1;border-top:1px solid var(--line);margin-top:13px;min-width:12px}
.node{padding:2px 10px;border:1px solid;border-radius:4px;font-weight:600;display:inline-block}
.node.absent{border:1px dashed var(--ink-3)!important;color:var(--ink-3)!important;background:none!important;font-weight:400}
.node.culprit{outline:2px solid var(--cut-line);outline-offset:2px}
.said{display:block;color:var(--ink-3);font-size:12px;margin-top:4px}.said.culprit{color:var(--cut);font-weight:600}
.columns td,.columns li{overflow-wrap:anywhere}.columns>div{min-width:0}
:focus-visible{outline:2px solid var(--client);outline-offset:2px}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:4px 32px}
ol,ul{margin:0;padding-left:20px}li{margin:2px 0}
.stages{display:grid;grid-template-columns:repeat(auto-fit,minmax(165px,1fr));gap:8px;list-style:none;padding:0;margin:0 0 14px;counter-reset:stage}
.stages li{counter-increment:stage;background:var(--sunken);border-radius:4px;padding:6px 10px;margin:0}
.stages li::before{content:counter(stage);float:left;width:18px;height:18px;line-height:18px;border-radius:9px;text-align:center;background:var(--ink-2);color:var(--pane);font-size:11px;font-weight:600;margin:1px 8px 12px 0}
.stages .missing::before{background:none;color:var(--ink-3);box-shadow:inset 0 0 0 1px var(--ink-3)}
.stages b{display:block;font-variant-numeric:tabular-nums}.stages .missing b{font-weight:400;color:var(--ink-3)}
.scroll{overflow-x:auto}
svg{display:block;min-width:860px;width:100%;height:auto;font-size:11px;font-variant-numeric:tabular-nums}
svg text{fill:var(--ink-2)}svg .name{fill:var(--ink);font-size:12px}svg .on-bar{fill:var(--ink)}svg .hot{fill:var(--cut);font-weight:600}svg .faint{fill:var(--ink-3)}
svg .grid{stroke:var(--line-soft)}svg .edge{stroke:var(--line)}svg .tail{fill:var(--sunken)}
svg .fired{stroke:var(--cut-line);stroke-width:2}svg .pending{stroke:var(--ink-2);stroke-dasharray:3 3}svg .idle{stroke:var(--ink-3);stroke-dasharray:1 3}
table{border-collapse:collapse;width:100%}th{text-align:left;font-weight:600;color:var(--ink-3);font-size:12px}
th,td{padding:3px 12px 3px 0;border-bottom:1px solid var(--line-soft);vertical-align:top}td.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tr.fired td{background:var(--cut-soft)}.fired-word{color:var(--cut);font-weight:600}
pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;background:var(--sunken);border-radius:4px;padding:8px 10px;max-height:420px;overflow:auto}
.log{padding:8px 0;background:var(--sunken);border-radius:4px;max-height:560px;overflow:auto;font-family:var(--mono);font-size:12px}
.log div{display:grid;grid-template-columns:76px 84px 1fr;gap:10px;padding:0 10px;white-space:pre-wrap;overflow-wrap:anywhere}
.log .at{text-align:right;color:var(--ink-3);font-variant-numeric:tabular-nums}.log .gap{color:var(--ink-3);display:block;text-align:center}
.log .error{background:var(--cut-soft);color:var(--cut)}.log .warn span:last-child{color:var(--warn)}.fields{color:var(--ink-3)}
summary{cursor:pointer;font-weight:600}details{margin-top:10px}
footer{color:var(--ink-3);font-size:12px}
@media print{body{background:none;font-size:11px}main{max-width:none;padding:0}section,header.verdict{break-inside:avoid;border-color:#ccc}.log,pre{max-height:none}}
`
