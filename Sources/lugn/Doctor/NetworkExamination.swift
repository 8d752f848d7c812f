import HTTPClient
import Replica
import SyncClient
import Workstation

/// Looks at the way to the server, step by step: where it ends, the steps before are well, and those after were not tried.
struct NetworkExamination {
    let workplace: Workplace

    private enum Step: String, CaseIterable {
        case name, connection, security, server, store, letIn
    }

    func all() async throws -> [Examination] {
        guard let membership = try workplace.replica.membership() else { return [.unknown("network.joined")] }
        let access = try ServerAccess(folder: workplace.folder)
        let client = HTTPClient(configuration: access.configuration)
        do {
            let alive = try await ask("/healthz", membership.server, client)
            guard alive.status == 200, alive.body.starts(with: "ok".utf8) else { return ended(at: .server) }
            guard try await ask("/readyz", membership.server, client).status == 200 else { return ended(at: .store) }
        } catch let error as HTTPClientError {
            return ended(at: Self.step(error), ["reason": "\(error.reason)"])
        }
        do {
            _ = try await workplace.client(access).desks()
        } catch let error as SyncError {
            return ended(at: [.refused, .removed, .unknownDevice].contains(error.code) ? .letIn : .server)
        }
        return Step.allCases.map { .well("network.\($0.rawValue)") }
    }

    private func ask(_ path: String, _ server: String, _ client: HTTPClient) async throws -> HTTPClientResponse {
        let base = server.hasSuffix("/") ? String(server.dropLast()) : server
        return try await client.send(
            HTTPClientRequest(
                method: "GET", url: base + path, headers: [], body: [], timeoutSeconds: 10, maximumResponseBytes: 4_096)
        )
    }

    private func ended(at step: Step, _ values: [String: String] = [:]) -> [Examination] {
        Step.allCases.prefix { $0 != step }.map { .well("network.\($0.rawValue)") }
            + [.fault("network.\(step.rawValue)", values)]
    }

    private static func step(_ error: HTTPClientError) -> Step {
        switch error.reason {
        case .nameNotFound: .name
        case .connectionRefused, .notConnected, .proxyNotReached, .silence, .connectionLost: .connection
        case .certificateExpired, .certificateNotYetValid, .certificateOtherName, .certificateUntrusted, .otherKey,
            .plainHTTP:
            .security
        default: error.code == .tls ? .security : error.code == .unreachable ? .connection : .server
        }
    }
}
