import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A program that runs beside this one, until it ends or ``end()`` ends it; at the latest when nobody holds it.
///
/// It reads nothing, and writes to two files: no pipe can run full while nobody looks.
final class ChildProcess {
    let id: pid_t
    private let program: String
    private let outputPath: String
    private let errorPath: String
    private var hasEnded = false

    /// - Parameter path: where its output goes, with `.out` and `.err` after it.
    init(_ program: String, _ arguments: [String], writingTo path: String) throws {
        self.program = program
        outputPath = path + ".out"
        errorPath = path + ".err"
        id = try Self.spawn(program, arguments, outputPath, errorPath)
        RunningChildren.shared.add(id)
    }

    deinit { end() }

    var output: String { Self.text(outputPath) }
    var errors: String { Self.text(errorPath) }

    /// Waits until it has ended, and throws unless it ended well.
    func wait() throws {
        var status: Int32 = 0
        while unsafe waitpid(id, &status, 0) < 0 {
            guard errno == EINTR else { throw BenchError("waiting for \(program) failed (error \(errno))") }
        }
        noteEnd()
        // As WIFEXITED and WEXITSTATUS have it, which are macros.
        if status != 0 {
            let reason = status & 0x7F == 0 ? "exit code \(status >> 8)" : "signal \(status & 0x7F)"
            throw BenchError("\(program) ended with \(reason): \(lastWords)")
        }
    }

    /// Whether it runs; one that has ended is gone afterwards.
    var isRunning: Bool {
        if hasEnded { return false }
        if waitpid(id, nil, WNOHANG) == 0 { return true }
        noteEnd()
        return false
    }

    /// Asks it to end, and ends it after five seconds if it has not.
    func end() {
        if hasEnded { return }
        kill(id, SIGTERM)
        for _ in 0..<500 where isRunning { usleep(10_000) }
        if hasEnded { return }
        kill(id, SIGKILL)
        while waitpid(id, nil, 0) < 0, errno == EINTR {}
        noteEnd()
    }

    /// The last line that it wrote about itself.
    var lastWords: String { errors.split(separator: "\n").last.map(String.init) ?? "it said nothing" }

    private func noteEnd() {
        hasEnded = true
        RunningChildren.shared.remove(id)
    }

    private static func text(_ path: String) -> String {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private static func spawn(
        _ program: String, _ arguments: [String], _ outputPath: String, _ errorPath: String
    ) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        guard unsafe posix_spawn_file_actions_init(&actions) == 0 else { throw BenchError("out of memory") }
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, outputPath, flags, 0o600)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, errorPath, flags, 0o600)
        var words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
        var variables = unsafe ProcessInfo.processInfo.environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
        defer { unsafe (words + variables).forEach { unsafe free($0) } }
        var id: pid_t = 0
        let code = unsafe posix_spawn(&id, program, &actions, nil, &words, &variables)
        guard code == 0 else { throw BenchError("\(program) does not start (error \(code))") }
        return id
    }
}
