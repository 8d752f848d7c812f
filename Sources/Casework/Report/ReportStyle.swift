/// How the page of a report looks: on a screen, and on paper in two colours that are told apart by everybody, also in grey
/// (Okabe and Ito, *Color Universal Design*, 2008).
enum ReportStyle {
    static let text = """
        :root {
          color-scheme: light;
          --ink: #1c2126; --soft: #5a636b; --rule: #d5dadd; --paper: #fff;
          --first: #0a5a93; --second: #e69f00; --edge: #a86f00;
        }
        * { box-sizing: border-box; }
        body {
          margin: 0 auto; padding: 3rem 2rem 4rem; max-width: 66rem; background: var(--paper); color: var(--ink);
          font: 1rem/1.45 "Source Sans 3", "Source Sans Pro", "Segoe UI", "Helvetica Neue", "Liberation Sans", Arial,
            sans-serif;
          font-variant-numeric: lining-nums; text-rendering: optimizeLegibility; hyphens: manual;
        }
        h1, h2, .line, .headlines dd {
          font-family: "Source Serif 4", "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L",
            "Liberation Serif", Georgia, serif;
        }
        header { border-bottom: 2px solid var(--ink); margin-bottom: 1.6rem; padding-bottom: 1rem; }
        .line { margin: 0 0 .2rem; font-size: 1.05rem; font-style: italic; color: var(--soft); }
        h1 { margin: 0; font-size: 2.3rem; font-weight: 600; line-height: 1.1; letter-spacing: -.01em; }
        h1 .period { display: block; margin-top: .35rem; font-size: 1.25rem; font-weight: 400; letter-spacing: 0; }
        h2 { margin: 0 0 .7rem; font-size: 1.25rem; font-weight: 600; line-height: 1.2; }
        .headlines { display: flex; flex-wrap: wrap; gap: .6rem 3.2rem; margin: 0 0 2.2rem; }
        .headlines div { display: flex; flex-direction: column-reverse; }
        .headlines dt { font-size: .9rem; color: var(--soft); }
        .headlines dd { margin: 0; font-size: 2.5rem; font-weight: 600; line-height: 1.1; }
        section { break-inside: avoid; margin-bottom: 2.4rem; }
        .pair { display: grid; gap: 1rem 3rem; align-items: start; }
        .bars .pair { grid-template-columns: minmax(0, 24rem) minmax(0, 1fr); }
        .months table { table-layout: fixed; }
        .others { columns: 2; column-gap: 3rem; }
        .others section { margin-bottom: 1.9rem; }
        .others .text { column-span: all; padding-top: .9rem; margin-bottom: .9rem; }
        .others h2 { font-size: 1.05rem; margin-bottom: .35rem; }
        svg { display: block; width: 100%; height: auto; overflow: visible; }
        svg text { font: 14px "Source Sans 3", "Source Sans Pro", "Segoe UI", "Helvetica Neue", "Liberation Sans", Arial,
          sans-serif; fill: var(--ink); }
        svg .value { font-weight: 600; }
        svg .tick { text-anchor: end; font-size: 12px; fill: var(--soft); }
        svg .number { text-anchor: middle; font-size: 12px; fill: var(--ink); paint-order: stroke; stroke: var(--paper);
          stroke-width: 4px; stroke-linejoin: round; }
        svg .month { text-anchor: middle; font-size: 13px; }
        svg .year { fill: var(--soft); font-size: 12px; }
        svg .first { fill: var(--first); }
        svg .second { fill: var(--second); stroke: var(--edge); stroke-width: .75; }
        svg .grid { stroke: var(--rule); stroke-width: 1; }
        svg .axis { stroke: var(--ink); stroke-width: 1; }
        table { border-collapse: collapse; width: 100%; font-size: .95rem; }
        th, td { padding: .3rem 0 .3rem 1rem; text-align: right; vertical-align: top; font-weight: 400; }
        td { font-variant-numeric: tabular-nums lining-nums; white-space: nowrap; }
        thead th, thead td { font-size: .82rem; line-height: 1.2; color: var(--soft); vertical-align: bottom;
          border-bottom: 1px solid var(--ink); }
        tbody tr + tr > * { border-top: 1px solid var(--rule); }
        tr > :first-child { padding-left: 0; text-align: left; }
        td.text, .text thead th { text-align: left; white-space: normal; }
        .text tr > :first-child { white-space: nowrap; width: 8rem; }
        .remark { margin: .6rem 0 0; max-width: 46rem; font-size: .85rem; color: var(--soft); }
        abbr { text-decoration: none; color: var(--soft); }
        .nothing { margin: 0; color: var(--soft); }
        footer { border-top: 1px solid var(--rule); padding-top: .9rem; max-width: 46rem; font-size: .85rem;
          color: var(--soft); }
        footer p { margin: 0 0 .5rem; }
        .desks { color: var(--ink); }
        .notice { margin: 0 0 1rem; font-weight: 600; }
        .everypage { display: none; }
        @media (max-width: 44rem) {
          body { padding: 1.5rem 1rem 3rem; }
          .bars .pair { grid-template-columns: minmax(0, 1fr); }
          .others { columns: 1; }
          h1 { font-size: 1.9rem; }
        }
        @page { size: A4; margin: 16mm 17mm 18mm; }
        @media print {
          :root { --ink: #000; --soft: #444; --rule: #bbb; font-size: 9.5pt; }
          body { max-width: none; padding: 0; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          h1 { font-size: 22pt; }
          h2, thead { break-after: avoid; }
          header { margin-bottom: 5mm; }
          .headlines { margin-bottom: 6mm; }
          .headlines dd { font-size: 20pt; }
          section { margin-bottom: 7mm; }
          .bars .pair { grid-template-columns: 1fr 1fr; gap: 8mm; }
          th, td { padding-top: .16rem; padding-bottom: .16rem; }
          .others { column-gap: 8mm; }
          .others section { margin-bottom: 5mm; }
          footer { break-inside: avoid; max-width: none; }
          .everypage { display: block; position: fixed; bottom: -12mm; left: 0; margin: 0; }
        }
        """
}
