extension TextMatcher {
    /// What the path of a person's page begins with, by host. Empty: with anything but ``generalPages``.
    private static let networks: [String: [String]] = [
        "facebook.com": [], "fb.com": [], "fb.me": [], "m.me": [], "messenger.com": ["t/"], "instagram.com": [],
        "instagr.am": [], "ig.me": [], "threads.net": [], "threads.com": [], "x.com": [], "twitter.com": [],
        "tiktok.com": ["@"], "vm.tiktok.com": [], "snapchat.com": ["add/", "u/", "@"], "linkedin.com": ["in/", "pub/"],
        "t.me": [], "telegram.me": [], "telegram.dog": [],
        "youtube.com": ["@", "user/", "c/", "channel/"], "vk.com": [], "ok.ru": [], "wa.me": [], "discord.gg": [],
        "discord.com": ["users/"], "discordapp.com": ["users/"], "reddit.com": ["u/", "user/"],
        "bsky.app": ["profile/"], "twitch.tv": [], "pinterest.com": [], "pinterest.se": [], "ask.fm": [], "kik.me": [],
        "steamcommunity.com": ["id/", "profiles/"], "roblox.com": ["users/"], "onlyfans.com": [], "soundcloud.com": [],
        "mastodon.social": ["@"], "mastodon.nu": ["@"], "linktr.ee": [], "signal.me": [],
    ]

    /// Pages that are nobody's.
    private static let generalPages: Set<String> = [
        "about", "ads", "business", "discover", "download", "events", "explore", "gaming", "groups", "hashtag", "help",
        "home", "i", "intent", "jobs", "legal", "login", "marketplace", "p", "policies", "policy", "privacy", "reel",
        "reels", "results", "search", "settings", "share", "sharer", "sharer.php", "shorts", "signup", "support",
        "terms", "tos", "tv", "watch",
    ]

    /// A person's page on a social network; the slash is the first behind the host.
    func profile(at slash: Int) -> Match? {
        var start = slash
        while start > 0, slash - start < 64, Self.isHost(text[start - 1]) { start -= 1 }
        guard slash - start >= 4, let (host, prefixes) = network(start..<slash) else { return nil }
        var end = slash + 1
        while end - slash < 256, Self.isPath(text[end]) { end += 1 }
        while end > slash + 1, Self.isPunctuation(text.cells[end - 1]) { end -= 1 }
        let path = folded(slash + 1..<end)
        let name = path.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let isPage =
            prefixes.isEmpty
            ? name.utf8.count >= 1 && !Self.generalPages.contains(String(name))
            : prefixes.contains { path.hasPrefix($0) && path.utf8.count > $0.utf8.count }
        guard isPage else { return nil }
        let trimmed = path.prefix { $0 != "?" && $0 != "#" }
        let page = host + "/" + (trimmed.hasSuffix("/") ? trimmed.dropLast() : trimmed)
        if text[start - 1] == UInt8(ascii: "/"), text[start - 2] == UInt8(ascii: "/"),
            text[start - 3] == UInt8(ascii: ":")
        {
            start -= 3
            while start > 0, ScannedText.isLetter(text[start - 1]), slash - start < 80 { start -= 1 }
        }
        return Match(kind: allowed.profiles.contains(page) ? nil : .profile, cells: start..<end)
    }

    /// The network whose host, or a name below it, this is.
    private func network(_ cells: Range<Int>) -> (host: String, prefixes: [String])? {
        var labels = folded(cells).split(separator: ".")
        while labels.count >= 2 {
            let host = labels.joined(separator: ".")
            if let prefixes = Self.networks[host] { return (host, prefixes) }
            labels.removeFirst()
        }
        return nil
    }

    private func isSameSentence(_ platform: Range<Int>, _ name: Range<Int>) -> Bool {
        guard !platform.overlaps(name) else { return false }
        let between =
            platform.upperBound <= name.lowerBound
            ? platform.upperBound..<name.lowerBound : name.upperBound..<platform.lowerBound
        return !between.contains { index in
            text[index] == 0x0A || text[index] == UInt8(ascii: ".") && text[index + 1] == UInt8(ascii: " ")
        }
    }

    /// `@name`, with a network's name within 48 signs in the same sentence: "@name on instagram".
    func handle(at sign: Int) -> Match? {
        let before = text[sign - 1]
        guard !ScannedText.isAlphanumeric(before), before != UInt8(ascii: "/"), before != UInt8(ascii: "."),
            let end = handleEnd(sign + 1), end - sign > 2
        else { return nil }
        let reach = sign - 48..<end + 48
        // The first platform that ends behind the reach's beginning.
        var low = 0
        var high = groups.platforms.count
        while low < high {
            let middle = (low + high) / 2
            if groups.platforms[middle].upperBound <= reach.lowerBound { low = middle + 1 } else { high = middle }
        }
        var isNear = false
        while low < groups.platforms.count, groups.platforms[low].lowerBound < reach.upperBound, !isNear {
            isNear = isSameSentence(groups.platforms[low], sign..<end)
            low += 1
        }
        guard isNear else { return nil }
        return Match(kind: allowed.profiles.contains(folded(sign..<end)) ? nil : .profile, cells: sign..<end)
    }

    /// `Snapchat: name_04`, where the name has what words do not have: an underscore, or digits and letters.
    func namedHandle(at colon: Int) -> Match? {
        guard let platform = groups.platforms.last(before: colon), colon - platform.upperBound <= 1 else { return nil }
        var start = colon + 1
        while text[start] == UInt8(ascii: " "), start - colon < 3 { start += 1 }
        guard let end = handleEnd(start), end - start >= 4 else { return nil }
        let name = text.cells[start..<end]
        guard name.contains(where: ScannedText.isLetter),
            name.contains(UInt8(ascii: "_")) || name.contains(where: ScannedText.isDigit)
        else { return nil }
        let isAllowed = allowed.profiles.contains("@" + folded(start..<end))
        return Match(kind: isAllowed ? nil : .profile, cells: start..<end)
    }

    private func handleEnd(_ start: Int) -> Int? {
        var end = start
        while end - start < 64,
            ScannedText.isAlphanumeric(text[end]) || text[end] == UInt8(ascii: "_") || text[end] == UInt8(ascii: ".")
                || text[end] == UInt8(ascii: "-")
        {
            end += 1
        }
        while end > start, Self.isPunctuation(text.cells[end - 1]) { end -= 1 }
        return end > start ? end : nil
    }

    private static func isHost(_ cell: UInt8) -> Bool {
        ScannedText.isDigit(cell) || cell &- 97 < 26 || cell == UInt8(ascii: ".") || cell == UInt8(ascii: "-")
    }

    private static func isPath(_ cell: UInt8) -> Bool {
        cell > 0x20 && cell != ScannedText.other && cell != UInt8(ascii: ")") && cell != UInt8(ascii: ">")
            && cell != UInt8(ascii: "\"") && cell != UInt8(ascii: "]") && cell != UInt8(ascii: ",")
    }

    private static func isPunctuation(_ cell: UInt8) -> Bool {
        [
            UInt8(ascii: "."), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"), UInt8(ascii: "'"),
            UInt8(ascii: "-"),
        ]
        .contains(cell) || cell == UInt8(ascii: "?")
    }
}

extension [Range<Int>] {
    /// The last of ascending ranges that ends at or before the place.
    fileprivate func last(before place: Int) -> Range<Int>? {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle].upperBound <= place { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? self[low - 1] : nil
    }
}
