/** How every page looks: calm, in the reader's own fonts, dark where the reader's desk is, plain on paper. */
export const PAGE_STYLE = `
:root{--bg:#f5f6f8;--card:#fff;--ink:#1b2430;--soft:#5d6b7c;--line:#dfe3e9;--wash:#f1f3f6;--accent:#1f6582;--accent-wash:#e5f0f4;--wire:#97a3b2;
--good:#1d7a4f;--good-wash:#e3f3ea;--bad:#b3322b;--bad-wash:#fbe9e7;--warn:#95610a;--warn-wash:#fbf0d9;--quiet:#6b7787;--quiet-wash:#eceff3;
--z0:#c9d3df;--z1:#bfdcc9;--z2:#f0d9b0;--z3:#c6d6f2;--z4:#e3cdea;--z5:#f2c9c4;--z6:#bfe0e2;--z7:#dfe0b5;--z8:#d9cfc3;--z9:#cfcbea;
--sans:system-ui,-apple-system,"Segoe UI","Noto Sans","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;--mono:ui-monospace,"SF Mono","Cascadia Mono","Noto Sans Mono",Consolas,monospace;color-scheme:light}
@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){--bg:#0f141a;--card:#171d25;--ink:#e4e9ef;--soft:#98a5b5;--line:#2b3440;--wash:#1d242e;--accent:#7fbbd3;--accent-wash:#17303b;--wire:#5b6878;
--good:#6fcb9c;--good-wash:#153326;--bad:#f0938b;--bad-wash:#40201e;--warn:#e5b965;--warn-wash:#3a2d12;--quiet:#93a0b0;--quiet-wash:#242c37;
--z0:#3b4654;--z1:#285040;--z2:#5a4725;--z3:#2c4470;--z4:#51385c;--z5:#643431;--z6:#1f5357;--z7:#4d4e24;--z8:#4b4239;--z9:#403a6b;color-scheme:dark}}
@media screen{:root[data-theme=dark]{--bg:#0f141a;--card:#171d25;--ink:#e4e9ef;--soft:#98a5b5;--line:#2b3440;--wash:#1d242e;--accent:#7fbbd3;--accent-wash:#17303b;--wire:#5b6878;
--good:#6fcb9c;--good-wash:#153326;--bad:#f0938b;--bad-wash:#40201e;--warn:#e5b965;--warn-wash:#3a2d12;--quiet:#93a0b0;--quiet-wash:#242c37;
--z0:#3b4654;--z1:#285040;--z2:#5a4725;--z3:#2c4470;--z4:#51385c;--z5:#643431;--z6:#1f5357;--z7:#4d4e24;--z8:#4b4239;--z9:#403a6b;color-scheme:dark}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:112px;-webkit-text-size-adjust:100%}
@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.55 var(--sans);overflow-wrap:break-word}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
code,.mono{font-family:var(--mono);font-size:.92em}
.wrap{max-width:1200px;margin:0 auto;padding:0 24px}
.top{position:sticky;top:0;z-index:5;background:var(--card);border-bottom:1px solid var(--line)}
.bar{display:flex;align-items:center;gap:16px;padding-top:12px}
.brand{min-width:0;flex:1;font-weight:600;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}.brand small{color:var(--soft);font-weight:400;font-size:13px;margin-left:8px}
.seek{position:relative;flex:0 1 340px}
.seek input{width:100%;height:36px;padding:0 12px;border:1px solid var(--line);border-radius:8px;background:var(--wash);color:var(--ink);font:inherit;font-size:14px}
.seek input::placeholder{color:var(--soft)}
.hits{position:absolute;right:0;top:42px;width:min(440px,calc(100vw - 32px));max-height:60vh;overflow:auto;margin:0;padding:6px;list-style:none;background:var(--card);border:1px solid var(--line);border-radius:10px;box-shadow:0 12px 32px rgba(10,20,30,.18)}
.hits a{display:block;padding:7px 10px;border-radius:6px;color:var(--ink)}.hits a:hover,.hits a:focus{background:var(--accent-wash);text-decoration:none}
.hits b{font-weight:600}.hits span{display:block;color:var(--soft);font-size:12.5px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}.hits p{margin:8px 10px;color:var(--soft)}
.theme{flex:none;width:36px;height:36px;border:1px solid var(--line);border-radius:8px;background:var(--wash);color:var(--ink);cursor:pointer;padding:0}
.theme svg{width:18px;height:18px;vertical-align:middle;fill:none;stroke:currentColor;stroke-width:1.8}
.tabs{display:flex;gap:4px;overflow-x:auto;padding:8px 0;scrollbar-width:none}.tabs::-webkit-scrollbar{display:none}
.tabs a{flex:none;padding:4px 10px;border-radius:6px;color:var(--soft);font-size:13.5px}.tabs a:hover{background:var(--wash);color:var(--ink);text-decoration:none}
main.wrap{padding-top:28px;padding-bottom:64px}
h1{font-size:28px;line-height:1.25;margin:0 0 4px;letter-spacing:-.01em}
h2{font-size:20px;line-height:1.3;margin:0 0 14px;letter-spacing:-.005em}h3{font-size:15px;margin:0;line-height:1.4}h3.next{margin:24px 0 12px}
.lead{color:var(--soft);margin:-8px 0 16px;max-width:72ch}
section{margin-top:40px}section.first{margin-top:0}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px}
.pad{padding:16px 20px}
.facts{display:flex;flex-wrap:wrap;gap:4px 20px;color:var(--soft);font-size:13.5px;margin:8px 0 0;padding:0;list-style:none}.facts b{color:var(--ink);font-weight:500}
.verdict{display:flex;gap:10px;align-items:flex-start;margin:20px 0 0;padding:12px 16px;border-radius:10px;font-weight:500}
.verdict.good{background:var(--good-wash);color:var(--good)}.verdict.bad{background:var(--bad-wash);color:var(--bad)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin-top:16px}
.tile{padding:14px 16px;color:inherit;display:block}.a.tile:hover{text-decoration:none;border-color:var(--accent)}
.tile b{display:block;white-space:nowrap;font-size:24px;line-height:1.2;font-weight:600;font-variant-numeric:tabular-nums}.tile b small{font-size:14px;color:var(--soft);font-weight:400}.tile span{color:var(--soft);font-size:13px}
.tile.bad b{color:var(--bad)}.tile.warn b{color:var(--warn)}.tile.good b{color:var(--good)}
.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th{text-align:left;font-weight:500;color:var(--soft);font-size:12.5px;white-space:nowrap}
th,td{padding:8px 12px;border-top:1px solid var(--line);vertical-align:top}
thead th{border-top:0;padding-top:10px;padding-bottom:8px}
td.num{font-variant-numeric:tabular-nums}td.nowrap{white-space:nowrap}
tbody tr:hover{background:var(--wash)}
:target{scroll-margin-top:120px}tr:target,tr.lit,.net.lit,details.lit{background:var(--accent-wash)}
.sub{color:var(--soft);font-size:12.5px}
.tag{display:inline-block;padding:0 8px;border-radius:99px;font-size:12px;line-height:20px;white-space:nowrap;background:var(--quiet-wash);color:var(--quiet)}
.tag.good{background:var(--good-wash);color:var(--good)}.tag.bad{background:var(--bad-wash);color:var(--bad)}.tag.warn{background:var(--warn-wash);color:var(--warn)}
.zone{display:inline-block;padding:0 8px;border-radius:5px;font-size:12.5px;line-height:20px;color:var(--ink)}.zone+.zone{margin-left:4px}
.z0{background:var(--z0)}.z1{background:var(--z1)}.z2{background:var(--z2)}.z3{background:var(--z3)}.z4{background:var(--z4)}.z5{background:var(--z5)}.z6{background:var(--z6)}.z7{background:var(--z7)}.z8{background:var(--z8)}.z9{background:var(--z9)}
details>summary{cursor:pointer;list-style:none}details>summary::-webkit-details-marker{display:none}
details>summary:before{content:"";display:inline-block;width:7px;height:7px;margin:0 10px 2px 2px;border:solid var(--soft);border-width:0 1.600px 1.600px 0;transform:rotate(-45deg);transition:transform .12s;flex:none}
details[open]>summary:before{transform:rotate(45deg)}
.none{color:var(--soft);margin:0;padding:20px}
/* topology */
.topo .node rect{fill:var(--card);stroke:var(--line)}.topo .firewall rect,.topo .router rect{stroke:var(--accent)}.topo .outside rect,.topo .block rect{fill:var(--wash);stroke:var(--line)}
.topo use{fill:none;stroke:var(--accent);stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
.topo text{fill:var(--ink);font-size:13px}.topo .name{font-weight:600}.topo .sub,.topo .block text{fill:var(--soft);font-size:11px}
.topo .wire{fill:none;stroke:var(--wire);stroke-width:1.5}.topo .bundle{stroke-width:4;stroke:var(--accent);opacity:.5}.topo .many{stroke-width:3}
.topo a:hover{text-decoration:none}.topo a:hover rect,.topo a:focus rect{stroke:var(--accent);fill:var(--accent-wash)}.topo{display:block;margin:0 auto}
@media(min-width:721px){.topo.fit{max-width:100%;height:auto}}
/* matrix */
.matrix{border-collapse:separate;border-spacing:3px;width:auto;min-width:100%;padding:12px}
.matrix th,.matrix td{border:0;padding:0;vertical-align:middle}.matrix tbody tr:hover{background:none}
.matrix thead th{padding:6px 4px;text-align:center;color:var(--ink);font-size:12.5px}.matrix tbody th{padding:0 10px 0 4px;color:var(--ink);position:sticky;left:0;background:var(--card);z-index:1}
.matrix tbody th small,.matrix thead th small{display:block;color:var(--soft);font-weight:400;font-size:11px}
.matrix a{display:block;min-width:84px;height:100%;min-height:46px;padding:6px 8px;border-radius:7px;font-size:11.5px;line-height:1.35;color:var(--ink);background:var(--wash);border:1px solid transparent}
.matrix a:hover{text-decoration:none;border-color:var(--accent)}
.matrix .allow{background:var(--good-wash)}.matrix .violated{background:var(--bad-wash);color:var(--bad);border-color:var(--bad)}.matrix .unknown{background:var(--warn-wash);color:var(--warn)}
.matrix .shut{color:var(--soft)}.matrix .not-evaluated{background:none;border:1px dashed var(--line);color:var(--soft)}
.matrix a i{font-style:normal;display:block;opacity:.75;font-size:11px}
.key{display:flex;flex-wrap:wrap;gap:6px 16px;padding:0 20px 16px;color:var(--soft);font-size:12.5px}.key span:before{content:"";display:inline-block;width:12px;height:12px;border-radius:3px;margin-right:6px;vertical-align:-1px;background:var(--wash);border:1px solid var(--line)}
.key .k-allow:before{background:var(--good-wash)}.key .k-bad:before{background:var(--bad-wash);border-color:var(--bad)}.key .k-dash:before{background:none;border-style:dashed}
dialog{width:min(640px,calc(100vw - 32px));max-height:80vh;padding:0;border:1px solid var(--line);border-radius:14px;background:var(--card);color:var(--ink);box-shadow:0 24px 64px rgba(10,20,30,.3)}
dialog:target{display:block;position:fixed;inset:10vh 0 auto;margin:auto;z-index:9}
dialog::backdrop{background:rgba(10,16,22,.45)}
dialog header{display:flex;align-items:center;gap:10px;padding:16px 20px;border-bottom:1px solid var(--line)}dialog header h3{flex:1;font-size:17px}
dialog .shutter{font-size:13.5px}
dialog dl{margin:0;padding:14px 20px 20px;display:grid;grid-template-columns:minmax(100px,auto) 1fr;gap:10px 16px}dialog dt{color:var(--soft);font-size:13px}dialog dd{margin:0}dialog ul{margin:0;padding:0;list-style:none}dialog li+li{margin-top:6px}
/* IP plan */
.net{border-top:1px solid var(--line)}.net:first-child{border-top:0}
.net>summary{display:grid;grid-template-columns:auto minmax(140px,1.2fr) minmax(150px,1fr) minmax(160px,1.600fr) 96px;gap:4px 16px;align-items:center;padding:12px 20px}
.net>summary:hover{background:var(--wash)}.net .scroll{padding:0 20px 14px 40px}.net .scroll .scroll{padding:0}.net .scroll p{margin:0}
.util{display:block;width:100%;height:14px;border-radius:4px;overflow:hidden;background:var(--wash);border:1px solid var(--line)}
.util .dyn{fill:var(--accent);opacity:.35}.util .fix{fill:var(--accent)}
.pct{font-variant-numeric:tabular-nums;text-align:right;font-size:13px}.pct.bad{color:var(--bad)}.pct.warn{color:var(--warn)}
/* faceplates */
.device+.device{margin-top:12px}
.device header{display:flex;flex-wrap:wrap;gap:2px 14px;align-items:baseline;padding:14px 20px 4px}.device header .sub{font-size:13px}
.face{display:flex;gap:14px;padding:10px 20px 14px;overflow-x:auto}
.face figure{margin:0}.face figcaption{color:var(--soft);font-size:11px;padding:0 0 3px 2px;white-space:nowrap}
.bank{display:grid;grid-template-rows:repeat(2,24px);grid-auto-flow:column;grid-auto-columns:27px;gap:3px;padding:6px;border-radius:8px;background:var(--wash);border:1px solid var(--line)}
.bank a{display:block;text-align:center;font-size:11px;line-height:22px;border-radius:4px;color:var(--ink);border:1px solid transparent;font-variant-numeric:tabular-nums}
.bank a:hover{text-decoration:none;border-color:var(--accent)}
.bank .trunk,.bank .lag-member{background:var(--accent);color:var(--card)}.bank .routed{background:var(--accent-wash);border-color:var(--accent)}.bank .unused{background:none;border-color:var(--line);color:var(--soft)}.bank .off{opacity:.55}
.legend{display:flex;flex-wrap:wrap;gap:6px 14px;margin:0 0 14px;font-size:12.5px;color:var(--soft)}
.legend i{display:inline-block;width:14px;height:14px;border-radius:4px;vertical-align:-2px;margin-right:6px;border:1px solid var(--line)}.legend .trunk{background:var(--accent)}.legend .routed{background:var(--accent-wash);border-color:var(--accent)}.legend .unused{background:none}
.device details{border-top:1px solid var(--line)}.device details>summary{padding:9px 20px;color:var(--soft);font-size:13.5px}
/* findings, packs */
.group{border-top:1px solid var(--line)}.group:first-child{border-top:0}.group>summary{display:flex;gap:10px;align-items:baseline;padding:11px 20px}.group>summary:hover{background:var(--wash)}.group>summary b{font-weight:500;flex:1}.group>summary .sub{white-space:nowrap}
.group .advice{margin:0;padding:0 20px 6px 40px;font-size:13.5px}.group ul{margin:0;padding:0 20px 12px 40px;list-style:none}.group li{padding:6px 0;font-size:13.5px}.group li+li{border-top:1px dashed var(--line)}.group li code{color:var(--soft)}
.stack{display:block;width:100%;height:8px;border-radius:4px;overflow:hidden;background:var(--quiet-wash)}.stack .met{fill:var(--good)}.stack .not-met{fill:var(--bad)}.stack .waived{fill:var(--warn)}
.group>summary .stack{flex:0 0 160px;align-self:center}
table.packs th{white-space:normal;min-width:110px}table.packs td{min-width:110px;vertical-align:middle}
footer{color:var(--soft);font-size:12.5px;border-top:1px solid var(--line);padding:16px 0 40px}
[hidden]{display:none!important}
@media(max-width:720px){
.wrap{padding:0 16px}body{font-size:14.5px}h1{font-size:23px}html{scroll-padding-top:140px}
.bar{flex-wrap:wrap;gap:8px 12px}.brand small{display:none}.seek{order:3;flex:1 0 100%}.hits{left:0;right:auto}
.tiles{grid-template-columns:repeat(2,1fr)}.tile{padding:12px 14px}.tile b{font-size:22px}
.net>summary{grid-template-columns:auto 1fr auto;padding:12px 16px}.net>summary .mono,.net>summary .bar-cell{grid-column:2/-1}.net>summary:before{grid-row:1}.net>summary .pct{grid-row:1;grid-column:3}.net .scroll{padding:0 16px 12px}
.pad,.face,.device header,.device details>summary{padding-left:16px;padding-right:16px}
.group>summary{flex-wrap:wrap;padding:11px 16px}.group>summary .stack{flex:1 0 100%;order:9}.group .advice{padding:0 16px 6px 32px}.group ul{padding:0 16px 12px 32px}.group>summary b{flex:1 1 calc(100% - 110px)}.group>summary .sub{flex:1 0 100%;padding-left:22px;white-space:normal}
dialog dl{grid-template-columns:1fr;gap:2px}dialog dd{margin-bottom:10px}
}
@media print{
:root{--bg:#fff;--card:#fff;--wash:#f5f6f7}body{font-size:10.5pt}.top,.theme,.shutter{display:none}main{padding-top:0}.wrap{max-width:none;padding:0}
section{margin-top:18pt}#matrix,#networks,#ports,#rules,#findings{break-before:page}h2,h3{break-after:avoid}.card{border-color:#ccc}.tile,.device,tr,.group li{break-inside:avoid}
.scroll,.face{overflow:visible}.topo{width:100%;height:auto}.matrix{border-spacing:2px;padding:4px}.matrix a{min-width:0;min-height:0;padding:3px 4px;font-size:7.5pt}table{font-size:9pt}.bar,.seek{display:none}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
dialog.keep{display:block;position:static;width:auto;max-height:none;box-shadow:none;margin:8px 0;break-inside:avoid}
}
`;
