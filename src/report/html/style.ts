// The page's style sheet: one column, system fonts, light and dark, phone and paper.
// No style attributes anywhere: the page's policy allows this text by its hash and nothing else.

export const style = `
:root{color-scheme:light dark;--ground:#fff;--card:#fff;--ink:#17191c;--soft:#565d66;--line:#dfe2e6;--wash:#f5f6f8;--link:#0b57a4;--now:#b3141c;--reset:#b3141c;--remove:#8a5300;--review:#5d5200;--none:#565d66;--good:#1a6b35}
@media (prefers-color-scheme:dark){:root{--ground:#121417;--card:#181b1f;--ink:#e8eaed;--soft:#a2a9b3;--line:#30353c;--wash:#1f2328;--link:#86b7ff;--now:#ff8a85;--reset:#ff8a85;--remove:#f0b35c;--review:#d8c75a;--none:#a2a9b3;--good:#7fd197}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;overflow-wrap:anywhere;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main,footer{max-width:62rem;margin:0 auto;padding:0 1.25rem}
h1{font-size:1.75rem;line-height:1.2;letter-spacing:-.015em;margin:2.5rem 0 .25rem;font-weight:650}
h2{font-size:1.15rem;margin:3rem 0 .75rem;font-weight:650;letter-spacing:-.005em}
h3{font-size:1rem;margin:0;font-weight:400}
h3 code{font-weight:650;font-size:1.05rem;margin-right:.4rem}
h4{font-size:.8rem;margin:1.1rem 0 .35rem;font-weight:650;color:var(--soft)}
p{margin:.35rem 0}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.9em;unicode-bidi:isolate}

a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-100vw}
.skip:focus{left:1rem;top:.5rem;background:var(--ground);padding:.25rem .5rem}
.about,.notes,footer{color:var(--soft);font-size:.875rem}
.verdict{font-size:1.15rem;margin:.25rem 0 1.5rem}
.verdict.bad strong{color:var(--now)}
.verdict.good strong{color:var(--good)}
.verdict.gap strong{color:var(--remove)}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(7rem,1fr));margin:1.5rem 0 0;border-block:1px solid var(--line)}
.numbers div{padding:.75rem 1rem .75rem 0}
.numbers dt{font-size:.8rem;color:var(--soft)}
.numbers dd{margin:0;font-size:1.6rem;line-height:1.2;font-weight:600;font-variant-numeric:tabular-nums}
.numbers .a-reset-now dd,.numbers .a-reset dd{color:var(--reset)}
.timeline{margin:0;overflow-x:auto}
.timeline svg{display:block;width:100%;min-width:44rem;height:auto}
.timeline text{font:11px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:var(--soft)}
.timeline .label{text-anchor:middle;font-family:system-ui,sans-serif}
.timeline .name{text-anchor:end}
.timeline .tick{stroke:var(--line)}
.timeline .base{stroke:var(--soft)}
.timeline .area{fill:var(--soft);fill-opacity:.22;stroke:var(--soft);stroke-width:1}
.timeline a{color:var(--none)}
.timeline a.a-reset-now{color:var(--now)}
.timeline a.a-reset{color:var(--reset)}
.timeline a.a-remove{color:var(--remove)}
.timeline a.a-review{color:var(--review)}
.timeline rect,.timeline .open{fill:currentColor}
.timeline .pushed{fill:var(--ground);stroke:currentColor;stroke-width:1.5}
.timeline a:hover .name,.timeline a:focus-visible .name{fill:var(--ink);text-decoration:underline}
.filters{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;padding:.75rem 0;font-size:.875rem;border-bottom:1px solid var(--line)}
.filters[hidden]{display:none}
.filters select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:4px;padding:.25rem .4rem;max-width:16rem}
.filters output{margin-left:auto;color:var(--soft);font-variant-numeric:tabular-nums}
.many .key{content-visibility:auto;contain-intrinsic-size:auto 34rem}
.key{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--none);border-radius:4px;padding:1rem 1.25rem;margin:1rem 0}
.key[hidden]{display:none}
.key.a-reset-now{border-left-color:var(--now)}
.key.a-reset{border-left-color:var(--reset)}
.key.a-remove{border-left-color:var(--remove)}
.key.a-review{border-left-color:var(--review)}
.key.quiet{background:var(--wash)}
.key:target{outline:2px solid var(--link);outline-offset:2px}
.key header{display:flex;flex-wrap:wrap;gap:.15rem 1rem;justify-content:space-between;align-items:baseline}
.action{margin:0;font-weight:650}
.action::first-letter{text-transform:uppercase}
.a-reset-now .action{color:var(--now)}
.a-reset .action{color:var(--reset)}
.a-remove .action{color:var(--remove)}
.a-review .action{color:var(--review)}
.quiet .action,.a-none .action{color:var(--soft);font-weight:400}
.lead{margin:.35rem 0 .75rem}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr));gap:.5rem 1.25rem;margin:.75rem 0 0;font-size:.875rem}
.facts dt{color:var(--soft);font-size:.8rem}
.facts dd{margin:0}
.facts .wide{grid-column:1/-1}
.facts ul{margin:0;padding-left:1.1rem}
.steps{margin:0;padding:0;list-style:none;counter-reset:step}
.steps li{padding:.2rem 0}
.steps label{display:flex;gap:.6rem;align-items:baseline}
.steps input,.filters input{flex:none;width:1rem;height:1rem;margin:0;accent-color:var(--link);position:relative;top:.12rem}
.steps .ticked span{color:var(--soft);text-decoration:line-through}
.command,.page{margin:.2rem 0 .2rem 1.6rem;font-size:.9rem}
.command{display:flex;gap:.5rem;align-items:start;background:var(--wash);border-radius:4px;padding:.35rem .6rem}
.command code{flex:1;white-space:pre-wrap}
.copy{display:none;font:inherit;font-size:.8rem;color:var(--link);background:none;border:1px solid var(--line);border-radius:4px;padding:0 .5rem;margin-left:.5rem;cursor:pointer}
.script .copy{display:inline-block}
.pages{font-size:.9rem;margin-top:.5rem}
.notes{padding-left:0;margin:.5rem 0;list-style:none}
.places{list-style:none;margin:0;padding:0;font-size:.9rem}
.places li{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,3fr);gap:0 1rem;padding:.15rem 0}
.events .places li{grid-template-columns:9rem minmax(0,1fr)}
.places span{color:var(--soft)}
.places time{font-variant-numeric:tabular-nums}
details{margin:.35rem 0;font-size:.9rem}
summary{cursor:pointer;color:var(--link)}
table{border-collapse:collapse;min-width:min(100%,32rem);font-size:.9rem}
th,td{text-align:left;font-weight:400;padding:.35rem 1rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}
thead th{color:var(--soft);font-size:.8rem}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.list{margin:0;padding-left:1.1rem;font-size:.9rem}
.list li{padding:.1rem 0}
.notices{list-style:none;padding:0;margin:0}
.notices li{padding:.4rem 0;border-bottom:1px solid var(--line)}
.notices .gap strong{color:var(--remove)}
.notices .note strong{font-weight:400;color:var(--soft)}
footer{margin-top:3rem;padding-block:1rem 3rem;border-top:1px solid var(--line)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:40rem){main,footer{padding-inline:.9rem}h1{margin-top:1.5rem;font-size:1.4rem}.key{padding:.8rem .9rem}.filters label{flex:1 1 100%;display:flex;justify-content:space-between;align-items:center}.filters select{flex:0 0 70%}.filters .done{justify-content:flex-start;gap:.6rem}.filters output{margin-left:0}.numbers{grid-template-columns:repeat(2,1fr)}.places li,.events .places li{grid-template-columns:minmax(0,1fr)}}
@media print{:root{color-scheme:light;--ground:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--wash:#f4f4f4;--link:#000;--now:#8c0d14;--reset:#8c0d14;--remove:#6b4000;--review:#4a4100;--none:#444;--good:#14552a}
@page{margin:15mm}
body{font-size:10pt}
main,footer{max-width:none;padding:0}
h1{margin-top:0}
h2,h3,h4{break-after:avoid}
.filters,.copy,.script .copy,.skip{display:none}
.many .key{content-visibility:visible}
.key{border-radius:0;-webkit-box-decoration-break:clone;box-decoration-break:clone}
header,.lead{break-after:avoid}
header,.facts,.steps li,.places li,.numbers,.timeline,tr{break-inside:avoid}
.key[hidden]{display:none}
.timeline{overflow:visible}
.timeline svg{min-width:0}
details::details-content{content-visibility:visible;display:block}
.pages a::after{content:" (" attr(href) ")"}
a{text-decoration:none}}
`;
