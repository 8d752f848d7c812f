public import Casework
import Replica
public import SyncClient

extension Workstation {
    /// The figures of a period, as they are here now: for the team, small numbers and all.
    ///
    /// - Parameter asksOthers: also asks the server how the line's other desks stand. Where it does not answer, the figures
    ///   speak of this desk alone, and say so.
    public func statistics(_ period: StatisticsPeriod, asksOthers: Bool = false) async throws -> Statistics {
        var statistics = try casework.statistics(period)
        if asksOthers { await include(&statistics.desks) }
        return statistics
    }

    /// The team's report of a month. See ``statistics(_:asksOthers:)``.
    public func internalReport(_ month: Month, asksOthers: Bool = false) async throws -> InternalReport {
        var report = try casework.internalReport(month)
        if asksOthers { await include(&report.statistics.desks) }
        return report
    }

    private func include(_ desks: inout DeskKnowledge) async {
        do {
            guard try replica.membership() != nil else { return }
            desks.include(others: try await client.desks())
        } catch {
            // The sentence of the report says that the server was not asked.
        }
    }

    /// Publishes a period as a part of the line's one series, with numbers below a limit hidden.
    ///
    /// Errors: those of ``publish(_:below:by:casework:client:)``.
    public func publish(_ period: StatisticsPeriod, below limit: Int, by author: AuthorCode) async throws -> Statistics
    {
        let isJoined = try replica.membership() != nil
        return try await Self.publish(
            period, below: limit, by: author, casework: casework, client: isJoined ? client : nil)
    }

    /// Makes a report of the published series and records it, before it leaves the desk.
    ///
    /// In a line the record is with the server first, and nobody else has published a part of the same time meanwhile: of
    /// two desks that did so without knowing of each other, both give up.
    ///
    /// - Parameter client: nil where no line has been joined.
    ///
    /// Errors: `publishedMeanwhile`, nothing was published then; those of `Casework.publication(_:below:)` and of syncing.
    public static func publish(
        _ period: StatisticsPeriod, below limit: Int, by author: AuthorCode, casework: Casework, client: SyncClient?
    ) async throws -> Statistics {
        _ = try await client?.sync()
        let before = Set(try casework.publications().map(\.id))
        let statistics = try casework.publication(period, below: limit)
        guard let record = try casework.publish(statistics, by: author), let client else { return statistics }
        do {
            _ = try await client.sync()
        } catch {
            try casework.withdrawPublication(record)
            throw error
        }
        let isAlone = try casework.publications().allSatisfy {
            $0.id == record || before.contains($0.id) || !$0.overlaps(period)
        }
        guard isAlone else {
            try casework.withdrawPublication(record)
            _ = try await client.sync()
            throw WorkstationError(
                .publishedMeanwhile,
                "another desk has published a part of the same time just now; nothing was published: look at lugn report published, and try again"
            )
        }
        return statistics
    }
}
