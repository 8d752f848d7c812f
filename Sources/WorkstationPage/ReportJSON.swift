import Casework
import JSON

/// A report as the page draws it: figures, charts and tables, in the page's language.
func documentJSON(_ document: ReportDocument) -> JSONValue {
    [
        "title": .string(document.title), "period": .string(document.period), "lineName": optional(document.lineName),
        "notice": optional(document.notice),
        "headlines": .array(
            document.headlines.map { headline in
                ["label": .string(headline.label), "count": headline.figure.count.map { JSONValue($0) } ?? nil]
            }),
        "tables": .array(document.tables.map { tableJSON($0, document.language) }),
        "notes": .array(document.notes.map { .string($0) }), "desks": .string(document.desks),
        "generated": .string(document.generated),
        "csv": .array(
            document.csvFiles.map { file in ["name": .string(file.name), "content": .string(file.content)] }),
    ]
}

private func tableJSON(_ table: ReportTable, _ language: ReportLanguage) -> JSONValue {
    let chart: String? =
        switch table.chart {
        case .bars: "bars"
        case .months: "months"
        case nil: nil
        }
    return [
        "word": .string(table.word), "title": .string(table.title), "heading": .string(table.rowHeading.label),
        "chart": optional(chart), "remark": optional(table.remark),
        "shareHeading": optional(table.shareHeading(language)),
        "columns": .array(table.columns.map { .string($0.label) }),
        "rows": .array(
            table.rows.map { row in
                [
                    "word": .string(row.word), "label": .string(row.label), "short": optional(row.shortLabel),
                    "cells": .array(row.cells.map(cellJSON)), "share": optional(table.share(row, language)),
                ]
            }),
    ]
}

/// A number; the mark of a hidden one as a text.
private func cellJSON(_ cell: ReportCell) -> JSONValue {
    if case .figure(let figure) = cell, let count = figure.count { return JSONValue(count) }
    return .string(cell.plainText)
}
