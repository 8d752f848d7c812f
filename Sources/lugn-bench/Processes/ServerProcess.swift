import HTTPClient
import Sealing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A `lugn-server` on a port of 127.0.0.1 that the system chose.
final class ServerProcess {
    let address: String
    private let process: ChildProcess
    private let signer: WireSigner

    fileprivate static let announcement = "listening on "

    init(store: String, administrator: SigningKey) throws {
        signer = WireSigner(administrator: administrator)
        process = try ChildProcess(
            Programs.path("lugn-server"), ["run", "--data", store, "--listen", "127.0.0.1:0", "--log", "error"],
            writingTo: store + "/run")
        address = try Self.address(of: process)
    }

    var peakMegabytes: Double {
        get throws {
            guard let peak = ProcessFigures.peakMegabytes(process.id) else {
                throw BenchError("the server has ended: \(process.lastWords)")
            }
            return peak
        }
    }

    var processorSeconds: Double { get throws { try ProcessFigures.processorSeconds(process.id) } }

    func end() { process.end() }

    /// How many requests wait for news, by the server's own count; nil while it has too much to do to say.
    private func waitingCount(_ client: HTTPClient) async throws -> Int? {
        let request = HTTPClientRequest(url: address + "/metrics", headers: signer.headers("GET", "/metrics", []))
        let response = try await client.send(request)
        if signer.isToRepeat(after: response) { return try await waitingCount(client) }
        if response.status == 503 { return nil }
        let text = String(decoding: response.body, as: UTF8.self)
        let name = "lugn_waiting_requests "
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }),
            let count = Int(line.dropFirst(name.count))
        else { throw BenchError("the server's metrics are not as expected") }
        return count
    }

    /// Waits until so many requests wait for news.
    func waitUntil(waiting count: Int, _ client: HTTPClient, seconds: Int = 60) async throws {
        let start = ContinuousClock.now
        while ContinuousClock.now - start < .seconds(seconds) {
            if let waiting = try await waitingCount(client), waiting >= count { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw BenchError("after \(seconds) s there are still not \(count) requests waiting at the server")
    }

    private static func address(of process: ChildProcess) throws -> String {
        for _ in 0..<1_000 {
            let lines = process.errors.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            if let line = lines.first(where: { $0.hasPrefix(announcement) }) {
                return String(line.dropFirst(announcement.count))
            }
            guard process.isRunning else { break }
            usleep(10_000)
        }
        throw BenchError("the server does not listen: \(process.lastWords)")
    }
}
