extension TextEncoding {
    /// The text of a file, an argument or standard input, as it is kept: see ``Swift/String/normalForm``.
    ///
    /// - Parameter encoding: nil for the one that is plausible.
    ///
    /// Errors: `badFile` where there is none or more than one, or a character was lost before; nothing is guessed.
    public static func text(_ bytes: [UInt8], _ encoding: TextEncoding? = nil) throws(CaseworkError) -> String {
        let found = try Self.encoding(of: bytes, given: encoding)
        var iterator = bytes.makeIterator()
        var decoded = try DecodedBytes(found.encoding, isBigEndian: found.isBigEndian) { iterator.next() }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        do {
            while let byte = try decoded.next() { result.append(byte) }
        } catch {
            throw CaseworkError(.badFile, "text.unreadable", cause: error)
        }
        guard let text = String(validating: result, as: UTF8.self) else {
            throw CaseworkError(
                .badFile, "text.encoding", ["encoding": "\(found.encoding.rawValue)"])
        }
        guard !text.hasLostCharacter else { throw CaseworkError.lostCharacter }
        return text.normalForm
    }

    /// - Returns: the encoding, and for UTF-16 which byte comes first.
    static func encoding(
        of bytes: some Sequence<UInt8>, given: TextEncoding?
    ) throws(CaseworkError) -> (encoding: TextEncoding, isBigEndian: Bool) {
        if let given, given != .utf16 { return (given, false) }
        var detector = EncodingDetector()
        for byte in bytes { detector.feed(byte) }
        return try detector.encoding(given: given)
    }
}

extension CaseworkError {
    static var lostCharacter: CaseworkError {
        CaseworkError(
            .badText,
            "text.lost"
        )
    }
}
