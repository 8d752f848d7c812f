import Casework
import Commands

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Lines of standard input, as somebody types them.
enum InputLine {
    /// The next line without its end; nil at the end of input. Byte by byte: what stands behind it is for whoever reads next.
    ///
    /// Errors: those of ``Casework/TextEncoding/text(_:_:)``, for an older terminal whose letters cannot be told.
    static func next() throws -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while true {
            let count = unsafe read(0, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw CommandFailure(.failed, key: "failure.input", ["error": "\(errno)"])
            }
            if count == 0, bytes.isEmpty { return nil }
            if count == 0 || byte == UInt8(ascii: "\n") { break }
            bytes.append(byte)
        }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return try TextEncoding.text(bytes)
    }
}
