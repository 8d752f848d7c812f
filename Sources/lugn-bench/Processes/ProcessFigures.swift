import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// What the system tells of a running process, under `/proc`.
enum ProcessFigures {
    /// The most memory that it has had at once so far, in MB of 1,000,000 bytes: `VmHWM`, the peak of its resident set,
    /// pages of shared libraries and of mapped files included. Nil once it has ended.
    static func peakMegabytes(_ id: pid_t) -> Double? {
        guard let status = text("/proc/\(id)/status"),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kibibytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({
                Double($0)
            })
        else { return nil }
        return kibibytes * 1_024 / 1e6
    }

    /// The processor time that all its threads have used so far, in seconds; counted in ticks of mostly 10 ms.
    static func processorSeconds(_ id: pid_t) throws -> Double {
        guard let stat = text("/proc/\(id)/stat"), let bracket = stat.lastIndex(of: ")") else {
            throw BenchError("process \(id) has ended")
        }
        // The name in brackets may hold anything; from the state after it on, user time is the 12th and system time the 13th.
        let fields = stat[stat.index(after: bracket)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
            throw BenchError("/proc/\(id)/stat is not as expected")
        }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func text(_ path: String) -> String? {
        // Not by size: files under /proc say 0.
        guard let file = FileHandle(forReadingAtPath: path), let data = try? file.readToEnd() else { return nil }
        return String(decoding: data, as: UTF8.self)
    }
}
