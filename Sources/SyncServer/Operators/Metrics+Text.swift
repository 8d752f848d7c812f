import ChangeLog
import Support

/// What `/metrics` tells. `Examples/monitoring` has rules that watch it, and docs/operations.md what to do about each.
struct MetricsReport {
    let metrics: Metrics
    let lines: [LineOverview]
    let host: HostFacts
    let now: Int64
    let started: Int64
    let waiting: Int
    let working: Int
    let workLimit: Int
    let isReady: Bool
    let commitTimes: DurationHistogram?
    let conflicts: ConflictLooks

    func text() -> String {
        var text = MetricsText()
        append(process: &text)
        append(traffic: &text)
        append(lines: &text)
        append(restorations: &text)
        append(store: &text)
        append(connections: &text)
        return text.text
    }

    private func append(connections text: inout MetricsText) {
        guard let found = host.connections else { return }
        text.single("lugn_store_connections", .gauge, "Connections to the database.", found.open)
        text.single("lugn_store_connections_busy", .gauge, "Of these, at work.", found.busy)
        text.single("lugn_store_connections_limit", .gauge, "At most so many.", found.limit)
        text.single("lugn_store_waiting_work", .gauge, "Work that waits for a connection.", found.waiting)
        text.single("lugn_store_connections_opened_total", .counter, "Connections that were opened.", found.opened)
        text.single(
            "lugn_store_connections_failed_total", .counter, "Connections that were lost, or could not be opened.",
            found.failed)
    }

    private func append(process text: inout MetricsText) {
        text.family("lugn_build_info", .gauge, "Always 1; the label says which version runs.")
        text.sample("lugn_build_info", "version=\"\(Release.version)\"", 1)
        text.single(
            "lugn_start_time_seconds", "When the server was started, in seconds since 1970.", milliseconds: started)
        text.single("lugn_ready", .gauge, "1 if the store can be written, 0 if not.", isReady ? 1 : 0)
        text.single("lugn_waiting_requests", .gauge, "Requests that wait for news.", waiting)
        text.single("lugn_working_requests", .gauge, "Requests that are being worked on.", working)
        text.single(
            "lugn_working_requests_limit", .gauge, "At how many of them others are told to come again.", workLimit)
    }

    private func append(traffic text: inout MetricsText) {
        let counters = metrics.current
        text.family("lugn_requests_total", .counter, "Requests, by route and status of the answer.")
        for (labels, count) in counters.requests.sorted(by: { $0.key < $1.key }) {
            text.sample("lugn_requests_total", labels, count)
        }
        text.family("lugn_work_seconds", .histogram, "How long requests were worked on, without waiting for news.")
        for (route, times) in metrics.workTimes { text.histogram("lugn_work_seconds", "route=\"\(route)\"", times) }
        let traffic = counters.traffic.sorted { $0.key < $1.key }
        text.family("lugn_request_bytes_total", .counter, "Bytes of requests' bodies.")
        for (route, bytes) in traffic {
            text.sample("lugn_request_bytes_total", "route=\"\(route)\"", bytes.requestBytes)
        }
        text.family("lugn_response_bytes_total", .counter, "Bytes of answers' bodies.")
        for (route, bytes) in traffic {
            text.sample("lugn_response_bytes_total", "route=\"\(route)\"", bytes.responseBytes)
        }
        text.single("lugn_commits_accepted_total", .counter, "Commits that were taken.", counters.commitsAccepted)
        text.single(
            "lugn_commits_handed_out_total", .counter, "Commits that were handed out.", counters.commitsHandedOut)
        text.single(
            "lugn_store_replacements_total", .counter,
            "How often the store was found to be another one, or an older state of itself.", counters.storeReplacements)
        text.single("lugn_healings_total", .counter, "Healings that workstations have begun.", counters.healings)
        text.single("lugn_joins_total", .counter, "Workstations that were let in.", counters.joins)
        text.single(
            "lugn_scrubs_total", .counter, "How often all of a line was looked over, or mended on the way.",
            counters.scrubs)
        text.single(
            "lugn_scrub_damaged_changes_total", .counter, "Changes that this found damaged.", counters.damaged)
        text.family("lugn_refusals_total", .counter, "Exchanges whose outcome was not done, by outcome.")
        for (outcome, count) in counters.outcomes.sorted(by: { $0.key < $1.key }) {
            text.sample("lugn_refusals_total", "outcome=\"\(outcome)\"", count)
        }
        text.family("lugn_problems_total", .counter, "Answers that were problems, by their kind.")
        for (problem, count) in counters.problems.sorted(by: { $0.key < $1.key }) {
            text.sample("lugn_problems_total", "problem=\"\(problem)\"", count)
        }
    }

    private func append(lines text: inout MetricsText) {
        func gauge(_ name: StaticString, _ help: StaticString, _ value: (LineOverview) -> Int64?) {
            text.family(name, .gauge, help)
            for (number, overview) in lines.enumerated() {
                if let value = value(overview) { text.sample(name, "line=\"\(number + 1)\"", value) }
            }
        }
        gauge("lugn_log_head", "The last position of the line's log.") { Int64(clamping: $0.line.head) }
        gauge("lugn_live_changes", "Changes that the line holds.") { Int64($0.line.liveChanges) }
        gauge("lugn_sealed_bytes", "Bytes of what they hold, sealed.") { Int64($0.line.sealedBytes) }
        gauge("lugn_workstations", "Workstations that are let in and have called.") { Int64($0.welcome.count) }
        gauge("lugn_silent_workstations", "Of these, not heard of for a day.") { Int64($0.silent(now)) }
        gauge("lugn_unsent_workstations", "Of these, with work that they had not sent when they last called.") {
            Int64($0.unsent)
        }
        gauge("lugn_oldest_unsent_timestamp_seconds", "When the oldest of that work was written; 0: there is none.") {
            ($0.oldestUnsent ?? 0) / 1_000
        }
        gauge("lugn_behind_workstations", "Of these, that have not fetched all.") { Int64($0.behind) }
        gauge("lugn_unverified_workstations", "Of these, with all sent and fetched and not proven equal.") {
            Int64($0.unverified)
        }
        gauge("lugn_differing_workstations", "Of these, proven to differ from the server.") { Int64($0.differing) }
        gauge("lugn_set_aside_commits", "Commits that were refused for good and are kept at workstations.") {
            Int64(clamping: $0.setAside)
        }
        gauge("lugn_unopened_changes", "Changes that workstations could not open.") { Int64(clamping: $0.unopened) }
        gauge("lugn_workstations_without_numbers", "Of these, that can give no reference number without asking.") {
            Int64($0.withoutNumbers)
        }
        gauge("lugn_too_old_workstations", "Of these, with a program older than the line serves.") { Int64($0.tooOld) }
        gauge("lugn_quota_bytes", "How many sealed bytes the line may hold; not there where as many as the disk takes.")
        {
            $0.line.terms.quotaBytes
        }
        gauge("lugn_conflict_records", "Records with fields in which several writes stand, when last counted.") {
            conflicts.latest($0.line.id).map { Int64($0.records) }
        }
        gauge("lugn_damaged_changes", "Changes found damaged and set aside, until all workstations are proven equal.") {
            Int64($0.line.setAsideChanges)
        }
        text.family("lugn_clock_offset_max_seconds", .gauge, "The largest error of a workstation's clock.")
        for (number, overview) in lines.enumerated() {
            text.sample("lugn_clock_offset_max_seconds", "line=\"\(number + 1)\"", milliseconds: overview.clockOffset)
        }
    }

    private func append(restorations text: inout MetricsText) {
        text.family(
            "lugn_refilling_workstations", .gauge,
            "After a restoration, workstations that have not brought back what they hold.")
        for (number, overview) in lines.enumerated() {
            guard let restoration = overview.line.restoration else { continue }
            let open = restoration.completed == nil && restoration.devices > 0
            text.sample(
                "lugn_refilling_workstations", "line=\"\(number + 1)\"",
                open ? overview.welcome.count - overview.agreed : 0)
        }
        text.family(
            "lugn_restored_timestamp_seconds", .gauge, "When the line was put back from a backup or begun anew.")
        for (number, overview) in lines.enumerated() {
            guard let restoration = overview.line.restoration else { continue }
            text.sample("lugn_restored_timestamp_seconds", "line=\"\(number + 1)\"", milliseconds: restoration.at)
        }
        text.family("lugn_verified_timestamp_seconds", .gauge, "When the line's store was last compared with itself.")
        for (number, overview) in lines.enumerated() {
            guard let note = overview.line.verified else { continue }
            text.sample("lugn_verified_timestamp_seconds", "line=\"\(number + 1)\"", milliseconds: note.at)
        }
    }

    private func append(store text: inout MetricsText) {
        text.single("lugn_store_bytes", .gauge, "Bytes of the store's file.", host.storeBytes)
        text.single("lugn_store_log_bytes", .gauge, "Bytes of its write-ahead log.", host.logBytes)
        text.single("lugn_disk_free_bytes", .gauge, "Bytes left on its disk.", host.freeBytes)
        if let commitTimes {
            text.family("lugn_commit_seconds", .histogram, "How long the disk took for a transaction.")
            text.histogram("lugn_commit_seconds", "", commitTimes)
        }
        text.single(
            "lugn_backup_schedule", .gauge, "1 if the server makes backups by itself, 0 if not.",
            host.hasBackupSchedule ? 1 : 0)
        text.single(
            "lugn_backup_failed", .gauge, "1 if the last scheduled backup failed.", host.backupFailure == nil ? 0 : 1)
        text.single(
            "lugn_backup_timestamp_seconds", "When the last good backup began, in seconds since 1970.",
            milliseconds: host.lastBackup)
        text.single(
            "lugn_certificate_expiry_timestamp_seconds", "When the certificate ends, in seconds since 1970.",
            milliseconds: host.certificateExpires)
    }
}
