/// Text as mails carry it.
enum MailText {
    /// An entry may have more than one address: `a@b.se, c@d.se`. Nil where the first is none.
    static func firstAddress(_ text: String) -> String? {
        let first = text.split { ",;/".contains($0) || $0.isWhitespace }.first.map(String.init)
        guard let first, first.contains("@"), !first.contains(where: { $0.isNewline || $0 == "<" || $0 == ">" }) else {
            return nil
        }
        return first
    }

    /// In a header nothing may begin another one.
    static func address(_ text: String) -> String { text.filter { !$0.isNewline && !$0.isWhitespace } }

    /// RFC 2047: in lines of at most 76 characters, no word of which cuts a letter in two.
    static func header(_ text: String) -> String {
        let line = String(text.map { $0.isNewline ? " " : $0 })
        if line.utf8.allSatisfy({ (32...126).contains($0) }), !line.contains("=?") { return line }
        var words: [String] = []
        var word = ""
        for character in line {
            let code = character.utf8.map(escaped).joined()
            if word.utf8.count + code.utf8.count > 50 {
                words.append(word)
                word = ""
            }
            word += code
        }
        words.append(word)
        return words.map { "=?utf-8?Q?\($0)?=" }.joined(separator: "\r\n ")
    }

    private static func escaped(_ byte: UInt8) -> String {
        let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        return isPlain ? String(UnicodeScalar(byte)) : "=" + hex(byte)
    }

    /// RFC 2045, 6.7: lines of at most 76 characters, ended by CRLF.
    static func quotedPrintable(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            var result = ""
            var length = 0
            let bytes = Array(line.utf8)
            for (index, byte) in bytes.enumerated() {
                let isBlankAtEnd = (byte == 32 || byte == 9) && index == bytes.count - 1
                let isPlain = ((33...126).contains(byte) && byte != 61) || byte == 32 || byte == 9
                let code = isPlain && !isBlankAtEnd ? String(UnicodeScalar(byte)) : "=" + hex(byte)
                if length + code.utf8.count > 75 {
                    result += "=\r\n"
                    length = 0
                }
                result += code
                length += code.utf8.count
            }
            return result
        }
        return lines.joined(separator: "\r\n")
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.utf8.count == 1 ? "0" + digits : digits
    }
}
