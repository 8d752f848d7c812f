import Casework
import Replica

/// All that the casework can show of what stands in a replica. Whatever other desks and imports have brought, each of it
/// can be made.
enum CaseworkViews {
    static func show(_ casework: Casework) throws {
        for found in try casework.list() {
            guard let reference = found.reference else { continue }
            do { _ = try casework.show(reference) } catch let error as CaseworkError {
                try hold(error.code == .ambiguousNumber, "a case that is listed cannot be shown")
            }
        }
        _ = try casework.duplicates()
        _ = try casework.conflicts()
        _ = try casework.today()
        _ = try casework.settings()
        _ = try casework.openingNow()
        _ = try casework.directory()
        _ = try casework.activities()
        _ = try casework.retentionPreview()
        let month = try Month(parsing: "2017-02")
        do {
            _ = try casework.statistics(StatisticsPeriod(month: month)).suppressing(below: 3).document(.swedish).html
        } catch let error as CaseworkError where error.code == .notSafe {
            // There may be no way to hide what somebody else's data make up.
        }
        _ = try casework.internalReport(month).document(.english).html
        _ = try casework.exportCSV { _, _ in }
    }
}
