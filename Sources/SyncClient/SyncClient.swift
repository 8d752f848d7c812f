public import HTTPClient
import Merge
public import Replica
import Support
import SyncProtocol

/// Keeps a replica in sync with its line's server.
///
/// ```swift
/// let client = SyncClient(replica: replica)
/// try await client.sync()
/// ```
///
/// ``sync()`` exchanges until there is nothing left to do; ``watch(onEvent:)`` goes on for as long as its task runs.
/// Both may be stopped at any moment and begun again: the protocol repeats what was not confirmed, and nothing counts
/// twice.
public final class SyncClient: Sendable {
    public struct Configuration: Sendable {
        /// The longest that one request of work may take, in seconds; the wait for news comes on top.
        public var timeoutSeconds: Double = 60
        /// How long to let the server wait for news, in milliseconds, at most 55,000.
        public var waitMilliseconds: UInt64 = 50_000
        /// The largest page to ask for, in bytes. A page is one local transaction: larger ones are faster, smaller
        /// ones make local writes wait less.
        public var pageBytes = 1 << 20
        /// The largest request, in bytes.
        public var requestBytes = 4 << 20
        /// How many leased reference numbers to keep in stock.
        public var leasedNumbers = 40
        public init() {}
    }

    public let replica: Replica
    let transport: any HTTPTransport
    let configuration: Configuration
    let sleep: @Sendable (Double) async throws -> Void
    let random: @Sendable () -> Double

    public init(
        replica: Replica, transport: any HTTPTransport = HTTPClient(), configuration: Configuration = Configuration(),
        sleep: @escaping @Sendable (Double) async throws -> Void = { try await Task.sleep(for: .seconds($0)) },
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.replica = replica
        self.transport = transport
        self.configuration = configuration
        self.sleep = sleep
        self.random = random
    }

    /// Sends what waits, fetches what is new, and heals what differs, until there is nothing left to do.
    ///
    /// Errors: ``SyncError``, `ReplicaError`; whatever happens, local work stays. One attempt only: see
    /// ``watch(onEvent:)`` for trying again.
    @discardableResult
    public func sync(onExchange: (Receipt) -> Void = { _ in }) async throws -> SyncReport {
        var report = SyncReport()
        var idle = 0
        while true {
            if try replica.isHealing() { try await heal(&report, onExchange: onExchange) }
            let receipt = try await exchange(waitMilliseconds: 0)
            onExchange(receipt)
            report.add(receipt)
            try react(to: receipt)
            if !receipt.isMoreToDo && !receipt.events.contains(.differs) { break }
            // An exchange that neither sends, fetches nor changes anything can only repeat itself.
            let didSomething = receipt.acknowledged > 0 || receipt.applied > 0 || !receipt.events.isEmpty
            idle = didSomething ? 0 : idle + 1
            if receipt.events.contains(.differs), try replica.healingCount() >= Self.healingLimit { break }
            if idle > 20 || report.forks > 20 || report.corrections > 20 || report.divergences > 5 {
                throw SyncError(
                    .noProgress, "the exchange with the server gets nowhere; your work is safe here: tell the operator")
            }
        }
        return report
    }

    /// Healings in a row that left a difference, after which it is only reported.
    private static let healingLimit = 5

    /// One request and its answer.
    func exchange(waitMilliseconds: UInt64) async throws -> Receipt {
        let enrolment = try enrolment()
        var size = configuration.requestBytes
        var unreadable = 0
        while true {
            var outgoing = try replica.outgoing(
                maximumBytes: size, pageBytes: configuration.pageBytes, leasesWanted: try leasesWanted())
            outgoing.request.wait = outgoing.request.commits.isEmpty ? waitMilliseconds : 0
            let endpoint = Endpoint(
                server: enrolment.server, path: "/v1/sync", token: enrolment.token, transport: transport)
            do {
                let seconds = configuration.timeoutSeconds + Double(outgoing.request.wait) / 1_000
                let answer = try await endpoint.post(outgoing.request.encoded(), timeoutSeconds: seconds)
                return try replica.receive(try SyncResponse(answer: answer), to: outgoing)
            } catch let error as SyncError
                where (error.code == .tooLarge || error.code == .malformed) && !outgoing.request.commits.isEmpty
            {
                // One of these commits is more than the server can take: alone, it is put aside.
                guard outgoing.request.commits.count == 1 else {
                    size = max(1, size / 16)
                    continue
                }
                // What could not be read may have been damaged on the way: one answer does not condemn the commit.
                if error.code == .malformed { unreadable += 1 }
                guard error.code == .tooLarge || unreadable >= Self.unreadableLimit else { continue }
                return try refuse(outgoing)
            }
        }
    }

    /// How often the server must say that it cannot read a commit sent alone until that is believed.
    private static let unreadableLimit = 4

    /// Treats a commit that the server could not even read as one that it refused.
    private func refuse(_ outgoing: Outgoing) throws -> Receipt {
        let response = SyncResponse(
            outcome: .refused(number: outgoing.request.commits[0].number, reason: .tooLarge),
            heldNumber: outgoing.request.acknowledged, serverTime: outgoing.request.clock)
        return try replica.receive(response, to: outgoing)
    }

    /// What an answer asks for beyond taking it in: a healing, which the next ``sync(onExchange:)`` begins with.
    func react(to receipt: Receipt) throws {
        guard receipt.events.contains(.differs), try replica.healingCount() < Self.healingLimit else { return }
        // The running sum may be what is wrong, and then nothing needs to travel.
        if try !replica.repairFingerprint() { try replica.beginHealing() }
    }

    private func leasesWanted() throws -> UInt64 {
        let missing = configuration.leasedNumbers - (try replica.freeNumbers())
        return missing > 0 ? UInt64((missing + 19) / 20) : 0
    }

    func enrolment() throws -> Enrolment {
        guard let enrolment = try replica.enrolment() else {
            throw ReplicaError(.notJoined, "this workstation has not joined a line; its work is safe here: join first")
        }
        return enrolment
    }
}

extension SyncResponse {
    /// From the bytes of an answer; what is none is the server's or the network's fault, and changes nothing here.
    init(answer: [UInt8]) throws {
        do {
            try self.init(encoded: answer)
        } catch {
            throw SyncError(unreadable: error)
        }
    }
}
