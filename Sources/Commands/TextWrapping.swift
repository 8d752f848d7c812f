/// Breaking text into lines for help.
enum TextWrapping {
    static let widthColumns = 100

    /// Breaks at spaces so that no line is wider than `width`; a longer word stands alone on its line.
    static func lines(_ text: String, widthColumns width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            let needed = TerminalText.widthColumns(line) + 1 + TerminalText.widthColumns(String(word))
            if !line.isEmpty && needed > width {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }

    /// Wraps paragraphs, which are separated by an empty line.
    static func paragraphs(_ text: String) -> String {
        var paragraphs: [[Substring]] = [[]]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty { paragraphs.append([]) } else { paragraphs[paragraphs.count - 1].append(line) }
        }
        return paragraphs.filter { !$0.isEmpty }
            .map { lines($0.joined(separator: " "), widthColumns: widthColumns).joined(separator: "\n") + "\n" }
            .joined(separator: "\n")
    }

    /// Two columns: terms, and beside each its explanation. A long term's explanation begins on the next line.
    static func definitions(_ entries: [(term: String, explanation: String)]) -> String {
        let longest = entries.map { TerminalText.widthColumns($0.term) }.filter { $0 <= 28 }.max() ?? 28
        let margin = String(repeating: " ", count: longest + 4)
        var text = ""
        for (term, explanation) in entries {
            let width = TerminalText.widthColumns(term)
            let wrapped = lines(explanation, widthColumns: widthColumns - margin.count)
            text += "  " + term
            if width > longest {
                text += "\n" + wrapped.map { margin + $0 + "\n" }.joined()
            } else {
                text += String(repeating: " ", count: longest + 2 - width)
                text += wrapped.joined(separator: "\n" + margin) + "\n"
            }
        }
        return text
    }

    /// A line whose continuations stand under its first piece; the pieces themselves are never broken.
    static func hanging(_ head: String, _ pieces: [String]) -> String {
        var lines = [head]
        let margin = String(repeating: " ", count: min(head.count, 24))
        for piece in pieces {
            let last = lines[lines.count - 1]
            if TerminalText.widthColumns(last) + 1 + TerminalText.widthColumns(piece) > widthColumns {
                lines.append(margin + " " + piece)
            } else {
                lines[lines.count - 1] = last + " " + piece
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
