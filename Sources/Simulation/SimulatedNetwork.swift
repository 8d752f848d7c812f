import HTTPClient
import HTTPServer
import Sealing
import Support
import SyncProtocol
import SyncServer

/// The network between all workstations and the server: messages take their time, and some do not arrive.
final class SimulatedNetwork: @unchecked Sendable {
    // @unchecked: confined to its simulation's thread.
    typealias Answer = Waiter<HTTPClientResponse>

    private let timeline: Timeline
    private let executor: SimulatedExecutor
    private let trace: Trace
    var weather: Weather
    /// Bit n: desk n, modulo 64, cannot reach the server.
    var partition: UInt64 = 0
    /// What answers; nil while the server is down.
    var server: SimulatedServer?
    /// Changes an answer's body before it is delivered: for tests of the checker.
    var tamper: (@Sendable (_ path: String, _ body: [UInt8]) -> [UInt8])?
    /// How often the server was started; an earlier life counts no more.
    var serverLives = 0
    private(set) var requests = 0
    private var inFlight: [Int: Answer] = [:]

    init(timeline: Timeline, executor: SimulatedExecutor, trace: Trace, weather: Weather) {
        self.timeline = timeline
        self.executor = executor
        self.trace = trace
        self.weather = weather
    }

    /// Sends a request on its way; the waiter gets the answer, or why there is none.
    func send(_ request: HTTPClientRequest, desk: Int, random: inout RandomSource) -> Answer {
        requests += 1
        let flight = requests
        let answer = Answer()
        inFlight[flight] = answer
        // Without the line's id, which no seed settles.
        let name = path(request).prefix { $0 != "?" }
        trace.note("desk \(desk) sends \(flight): \(name), \(request.body.count) bytes")
        let fate = Fate(weather, &random)
        timeline.after(Int64(request.timeoutSeconds * 1_000)) { self.fail(flight, .timedOut) }
        if isCut(desk) {
            timeline.after(fate.delays.0) { self.fail(flight, .unreachable) }
        } else if fate.isRequestLost {
            if fate.failsFast { timeline.after(fate.delays.0) { self.fail(flight, .unreachable) } }
        } else if let impostor = fate.impostor {
            timeline.after(fate.delays.0) { self.land(flight, impostor) }
        } else {
            timeline.after(fate.delays.0) { self.serve(request, flight, desk, fate) }
            if let again = fate.repeatDelay { timeline.after(again) { self.serve(request, flight, desk, fate) } }
        }
        return answer
    }

    func isCut(_ desk: Int) -> Bool { partition & 1 << UInt64(desk % 64) != 0 }

    /// The server's process dies: whoever waits for it notices.
    func dropConnections() {
        for flight in inFlight.keys.sorted() { fail(flight, .cutShort) }
    }

    private func path(_ request: HTTPClientRequest) -> String {
        String(request.url.dropFirst(Workstation.serverAddress.count))
    }

    private func serve(_ request: HTTPClientRequest, _ flight: Int, _ desk: Int, _ fate: Fate) {
        guard !isCut(desk), let server else { return fail(flight, .unreachable) }
        let head = HTTPRequestHead(
            method: HTTPMethod(rawValue: request.method), target: path(request),
            headers: request.headers.map { HTTPHeader($0.name, $0.value) }, contentLength: request.body.count)
        var body = request.body
        Self.flip(fate.flippedBits.0, in: &body)
        Task(executorPreference: executor) { [body] in
            let response = await server.handler.answer(head, body: body)
            self.answer(flight, response, from: server, to: desk, fate, path: head.path)
        }
    }

    private static func summary(_ body: [UInt8]) -> String {
        do throws(ProtocolError) {
            let answer = try SyncResponse(encoded: body)
            return "\(answer.outcome), held \(answer.heldNumber), position \(answer.cursor.position)"
        } catch {
            return "a problem"
        }
    }

    private func answer(
        _ flight: Int, _ response: HTTPResponse, from sender: SimulatedServer, to desk: Int, _ fate: Fate, path: String
    ) {
        // What a dead process would have said is not said.
        guard sender === server, !sender.computer.hasLostPower else { return }
        trace.note("server answers \(flight): \(response.status), \(response.body.count) bytes")
        if path == "/v2/sync" { trace.explain(Self.summary(response.body)) }
        guard !isCut(desk), !fate.isAnswerLost else {
            if fate.failsFast { timeline.after(fate.delays.1) { self.fail(flight, .cutShort) } }
            return
        }
        var body = response.body
        var headers = response.headers.map { ($0.name, $0.value) }
        if let tamper {
            body = tamper(path, body)
            headers.removeAll { $0.0 == ContentDigest.name }
            headers.append((ContentDigest.name, ContentDigest.value(of: body)))
        }
        if fate.isCut { body = Array(body.prefix(body.count / 2)) }
        if fate.isGarbled { body = body.map { $0 ^ 0x55 } }
        Self.flip(fate.flippedBits.1, in: &body)
        let landed = HTTPClientResponse(
            status: response.status, headers: headers, body: body)
        timeline.after(fate.delays.1) { self.land(flight, landed) }
    }

    private static func flip(_ bit: Int?, in body: inout [UInt8]) {
        guard let bit, !body.isEmpty else { return }
        let place = bit % (body.count * 8)
        body[place / 8] ^= 1 << UInt8(place % 8)
    }

    private func land(_ flight: Int, _ response: HTTPClientResponse) {
        inFlight.removeValue(forKey: flight)?.resolve(.success(response))
    }

    private func fail(_ flight: Int, _ code: HTTPClientError.Code) {
        guard let answer = inFlight.removeValue(forKey: flight), !answer.isResolved else { return }
        trace.note("\(flight) fails: \(code)")
        answer.resolve(.failure(HTTPClientError(code, "the simulation's network")))
    }
}
