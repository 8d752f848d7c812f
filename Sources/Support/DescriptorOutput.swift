#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Writing whole byte sequences to a file descriptor.
package enum DescriptorOutput {
    /// Writes all bytes, with one `write(2)` when the descriptor takes them at once.
    ///
    /// Interrupted and partial writes are continued; a descriptor that is not ready (non-blocking) is waited for.
    /// - Throws: ``DescriptorFailure`` with the system's error number, for example `EPIPE` when the reader is gone.
    package static func write(_ bytes: [UInt8], to descriptor: Int32) throws(DescriptorFailure) {
        var start = 0
        while start < bytes.count {
            let (written, errorNumber) = writeOnce(bytes[start...], to: descriptor)
            if written >= 0 {
                start += written
            } else if errorNumber == EAGAIN || errorNumber == EWOULDBLOCK {
                waitUntilWritable(descriptor)
            } else if errorNumber != EINTR {
                throw DescriptorFailure(errorNumber: errorNumber)
            }
        }
    }

    private static func writeOnce(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> (Int, Int32) {
        unsafe bytes.withUnsafeBytes { buffer in
            #if canImport(Glibc)
                let written = unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            #elseif canImport(Darwin)
                let written = unsafe Darwin.write(descriptor, buffer.baseAddress, buffer.count)
            #else
                let written = unsafe Musl.write(descriptor, buffer.baseAddress, buffer.count)
            #endif
            return (written, errno)
        }
    }

    private static func waitUntilWritable(_ descriptor: Int32) {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        // Its result needs no look: the next write reports whatever is wrong.
        _ = unsafe poll(&request, 1, -1)
    }
}
