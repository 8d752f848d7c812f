@_spi(_Unicode) import Swift

extension String {
    /// The text as it is kept and compared: composed (Unicode Standard Annex 15, form C), with a line feed at the end of each
    /// line. So `Ö-7` is one key, however a keyboard, a Mac's file or another program has put it together.
    ///
    /// Cost: that of a look at each byte where they are ASCII, a microsecond for a line of text otherwise.
    public var normalForm: String {
        if utf8.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "\r") }) { return self }
        var result = String.UnicodeScalarView()
        var isAfterReturn = false
        for scalar in _nfc {
            defer { isAfterReturn = scalar == "\r" }
            if scalar == "\n", isAfterReturn { continue }
            result.append(scalar == "\r" ? "\n" : scalar)
        }
        return String(result)
    }

    /// Whether a program that read the text wrongly has left its mark: the character for one that was lost.
    var hasLostCharacter: Bool { unicodeScalars.contains("\u{FFFD}") }

    /// Letters and their accents apart (form D).
    var decomposed: [Unicode.Scalar] { Array(_nfd) }
}
