/// The bytes of a file to be imported, which is read more than once: to find out how it is written, to look at each case as a
/// whole, and to save what can be saved. Nothing is changed before all of it has been looked at.
public struct ImportBytes {
    /// Goes back to the beginning; the function it returns gives the bytes one by one.
    let begin: () throws -> () throws -> UInt8?

    public init(begin: @escaping () throws -> () throws -> UInt8?) { self.begin = begin }

    public init(_ bytes: [UInt8]) {
        self.init {
            var iterator = bytes.makeIterator()
            return { iterator.next() }
        }
    }

    /// All the bytes that a function gives until it gives nil. They are held in memory.
    init(all next: () throws -> UInt8?) rethrows {
        var bytes: [UInt8] = []
        while let byte = try next() { bytes.append(byte) }
        self.init(bytes)
    }

    /// - Parameter encoding: nil to find out.
    func encoding(_ given: TextEncoding?) throws -> (encoding: TextEncoding, isBigEndian: Bool) {
        if let given, given != .utf16 { return (given, false) }
        let next = try begin()
        var detector = EncodingDetector()
        while let byte = try next() { detector.feed(byte) }
        return try detector.encoding(given: given)
    }
}
