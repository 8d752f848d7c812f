extension JSONValue {
    /// Reads one JSON document in UTF-8 (RFC 8259), strictly.
    ///
    /// A byte order mark, lone surrogates, invalid UTF-8 and repeated member names are errors. Cost is linear.
    /// - Parameters:
    ///   - sizeLimitBytes: the largest accepted document.
    ///   - depthLimit: how many arrays and objects may stand inside each other; at most 512.
    /// - Throws: ``JSONParseError`` with the position of the fault.
    public init(
        parsing bytes: [UInt8], sizeLimitBytes: Int = 8 * 1024 * 1024, depthLimit: Int = 64
    ) throws(JSONParseError) {
        var parser = try JSONParser(bytes, sizeLimitBytes: sizeLimitBytes, depthLimit: depthLimit)
        self = try parser.parseDocument()
    }

    /// As ``init(parsing:sizeLimitBytes:depthLimit:)``, for text.
    public init(parsing text: String) throws(JSONParseError) {
        try self.init(parsing: Array(text.utf8))
    }
}
