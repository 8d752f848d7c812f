import SQLite
import Sealing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// The system's wall clock, in milliseconds since 1970.
public func systemWallMilliseconds() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
}

/// 64 bits from the system's cryptographic random generator.
public func systemRandomWord() -> UInt64 { randomWord() }

/// Where a file lies, as a number; nil where the system does not tell.
public func systemPlace(_ path: String) -> UInt64? {
    FilePlace(path).map { UInt64(truncatingIfNeeded: Blake2b.hash128($0.bytes.span)) }
}

/// How long the system has run since its start, sleep included, and which start that was; nil where it does not tell.
public func systemBoot() -> ClockReading.Boot? {
    #if os(Linux)
        guard let id = bootID else { return nil }
        var time = timespec()
        guard unsafe clock_gettime(CLOCK_BOOTTIME, &time) == 0 else { return nil }
        return .init(id: id, milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    #else
        return nil
    #endif
}

#if os(Linux)
    /// The kernel's name for this start: <https://www.kernel.org/doc/html/latest/admin-guide/sysctl/kernel.html>.
    private let bootID: UInt64? = {
        let file = unsafe open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var text = [UInt8](repeating: 0, count: 64)
        let count = unsafe read(file, &text, text.count)
        let digits = text.prefix(max(0, count)).compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count >= 16 else { return nil }
        return digits.prefix(16).reduce(0) { $0 << 4 | UInt64($1) }
    }()
#endif
