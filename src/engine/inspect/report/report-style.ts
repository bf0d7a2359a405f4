/** The look of a report: light or dark as the reader's system is, and light on paper. */
export const reportStyle = `
:root{color-scheme:light dark;--ground:#fff;--soft:#f2f6f7;--line:#d5dfe3;--text:#14232b;--quiet:#51636c;--accent:#0a6a86;--a:#0072b2;--b:#d55e00;--c:#00805d;--good:10 106 134;--bad:190 84 26}
@media screen and (prefers-color-scheme:dark){:root{--ground:#11191d;--soft:#1a2429;--line:#2c3b42;--text:#e7eef1;--quiet:#a9bac2;--accent:#62c5de;--a:#56b4e9;--b:#f0954a;--c:#35c99a;--good:98 197 222;--bad:242 160 106}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI","Noto Sans",sans-serif}
main{max-width:58rem;margin:0 auto;padding:2.5rem 1.5rem 4rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .3rem;letter-spacing:-.015em}
h2{font-size:1.2rem;margin:2.4rem 0 .5rem;letter-spacing:-.01em;break-after:avoid}
h3{font-size:1rem;margin:1.2rem 0 .3rem;break-after:avoid}
p{margin:.3rem 0;max-width:46rem}
.quiet{color:var(--quiet)}
.lead{font-size:1.1rem}
table{border-collapse:collapse;width:100%;font-size:.88rem;margin:.6rem 0;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .55rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
thead th{color:var(--quiet);font-weight:600}
tr{break-inside:avoid}
.num{text-align:right;white-space:nowrap}
.range{color:var(--quiet);font-size:.82rem}
.chip{display:inline-block;padding:0 .5rem;border:1px solid var(--line);border-radius:1rem;background:var(--soft);font-size:.8rem}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));gap:1rem;align-items:start}
figure{margin:.6rem 0;break-inside:avoid}
figcaption{color:var(--quiet);font-size:.85rem}
svg{display:block;width:100%;height:auto;overflow:visible;font:11px system-ui,sans-serif;fill:var(--text)}
.grid{stroke:var(--line);stroke-width:1;fill:none}
.axis{fill:var(--quiet)}
.heat{overflow:auto}
.heat table{width:auto;font-size:.78rem}
.heat td,.heat th{padding:.2rem .35rem;text-align:center;border:1px solid var(--ground)}
.heat th[scope=row]{text-align:right;font-weight:500;max-width:11rem}
.heat thead th{writing-mode:vertical-rl;transform:rotate(180deg);text-align:left;font-weight:500;max-height:9rem}
.words{line-height:2.1;padding:.7rem 1rem;border:1px solid var(--line);border-radius:.6rem;white-space:pre-wrap;overflow-wrap:anywhere;break-inside:avoid}
.word{padding:.1rem .15rem;border-radius:.25rem}
.sure{text-decoration:underline;text-underline-offset:.25em;text-decoration-thickness:2px}
@media print{@page{margin:16mm}main{max-width:none;padding:0}body{font-size:10.5pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}.heat{overflow:visible}}
`;
