internal import StrictJSON

extension ParsedQuery {
    /// Alerts looked at in one message; a storm repeats itself.
    private static let alertLimit = 8
    private static let senseByteLimit = 8 << 10

    /// Labels that say where it fired, or how bad it is, but not what it is.
    private static let placeLabels: Set<String> = [
        "alertname", "severity", "instance", "pod", "endpoint", "cluster", "prometheus", "uid",
        "id", "replica", "region", "zone", "node", "host", "hostname", "env", "environment",
        "container_id", "image", "receiver", "priority", "team",
    ]

    /// What an alert says, in any of its forms: a webhook's message with `alerts`, a list of
    /// alerts, or one with `labels` and `annotations`.
    ///
    /// - Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
    static func alert(_ query: String) -> ParsedQuery? {
        guard let first = query.first(where: { !$0.isWhitespace }), first == "{" || first == "["
        else { return nil }
        let value: JSONValue
        do {
            value = try StrictJSON.parse(query.utf8)
        } catch {
            return nil
        }
        let alerts = alerts(in: value).prefix(alertLimit)
        guard !alerts.isEmpty else { return nil }
        let names = unique(alerts.compactMap { $0["labels"]?.object?["alertname"]?.string })
        let texts = alerts.flatMap { alert in
            ["summary", "description", "message"].compactMap {
                alert["annotations"]?.object?[$0]?.string
            }
        }
        let labels = alerts.flatMap { alert in
            (alert["labels"]?.object ?? [:]).sorted { $0.key < $1.key }
                .filter { !placeLabels.contains($0.key.lowercased()) }.compactMap(\.value.string)
        }
        let words = names.map { IdentifierWords.split($0).joined(separator: " ") }
        let all = unique(words + texts + labels).joined(separator: ". ")
        let sense = String(decoding: all.utf8.prefix(senseByteLimit), as: UTF8.self)
        return ParsedQuery(.alert, sense: sense, names: names, whole: query)
    }

    private static func alerts(in value: JSONValue) -> [[String: JSONValue]] {
        if let list = value.array { return list.compactMap(\.object).filter(isAlert) }
        guard let object = value.object else { return [] }
        if let list = object["alerts"]?.array {
            let alerts = list.compactMap(\.object).filter(isAlert)
            guard alerts.isEmpty else { return alerts }
        }
        if isAlert(object) { return [object] }
        // A message may leave only what its alerts have in common.
        let common = [
            "labels": object["commonLabels"] ?? .null,
            "annotations": object["commonAnnotations"] ?? .null,
        ]
        return isAlert(common) ? [common] : []
    }

    private static func isAlert(_ object: [String: JSONValue]) -> Bool {
        object["labels"]?.object != nil || object["annotations"]?.object != nil
    }

    /// The texts that hold anything, each once, in order.
    static func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { !$0.allSatisfy(\.isWhitespace) && seen.insert($0).inserted }
    }
}
