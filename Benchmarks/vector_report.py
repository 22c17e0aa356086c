"""What vectors.py works out of its rounds: latencies, ratios, tables and a plot."""
import statistics

from embedding_report import cell, machine

__all__ = ["described", "machine", "markdown", "pair", "plot"]


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def figures(method, key):
    """Milliseconds and queries a second of the quietest round: other work only ever adds."""
    times, batch = min(method.times[key], key=sum), key if isinstance(key, int) else 1
    return {
        "p50_ms": statistics.median(times) / 1e6, "p99_ms": percentile(times, 0.99) / 1e6,
        "qps": 1e9 * min(batch * len(times), method.count) / sum(times)}


def ratio(ours, other, key):
    """The other's median latency over ours, round by round."""
    return statistics.median(
        statistics.median(theirs) / statistics.median(own)
        for own, theirs in zip(ours.times[key], other.times[key]))


def pair(ours, other, key):
    return {"conductor": figures(ours, key), "faiss": figures(other, key),
            "ratio": ratio(ours, other, key)}


def described(chosen, loaded, methods, read):
    """All figures of one set."""
    ours = next((method for method in methods if method.index.kind == "conductor"), None)
    told = {"name": chosen.name, "methods": []}
    for method in methods:
        load = loaded[method.index.kind]
        told |= {"rows": load["rows"], "dimension": load["dimension"]}
        entry = {
            "name": method.name, "queries": method.count, "recall": method.recall,
            "wrong": method.wrong, "same_in_batches": method.same_in_batches,
            "build_seconds": load["build_seconds"], "megabytes": load["kilobytes"] / 1024,
            "single": figures(method, 1), "batch": figures(method, 32)}
        if method.evaluations:
            entry["evaluations"] = method.evaluations[1]
        if ours and method is not ours:
            entry["ratio_single"] = ratio(ours, method, 1)
            entry["ratio_batch"] = ratio(ours, method, 32)
        told["methods"].append(entry)
    if ours and read:
        own = min(statistics.median(times) for times in ours.times[1])
        plain = min(read)
        code_bytes = told["rows"] * told["dimension"] / 2
        told["reading"] = {
            "code_bytes": code_bytes, "read_GB_per_s": code_bytes / plain,
            "search_GB_per_s": code_bytes / own, "search_over_read": own / plain}
    return told


def table(head, lines):
    rule = ["---", *("---:" for _ in head[1:])]
    return ["| " + " | ".join(line) + " |" for line in (head, rule, *lines)]


def markdown(told):
    rows = []
    for one in told["sets"]:
        rows += ["", f"{one['name']}: {one['rows']:,} × {one['dimension']}", ""]
        rows += table(
            ["index", "recall@10", "wrong ids", "p50, ms", "p99, ms", "queries/s",
             "queries/s, batches of 32", "conductor is faster by", "in batches by", "build, s",
             "memory, MB", "f32 scores a query"],
            [[entry["name"], f"{entry['recall']:.4f}", str(entry["wrong"]),
              f"{entry['single']['p50_ms']:.3f}", f"{entry['single']['p99_ms']:.3f}",
              f"{entry['single']['qps']:,.0f}", f"{entry['batch']['qps']:,.0f}",
              cell(entry.get("ratio_single"), "{:.2f}"), cell(entry.get("ratio_batch"), "{:.2f}"),
              f"{entry['build_seconds']:.2f}", f"{entry['megabytes']:,.0f}",
              cell(entry.get("evaluations"), "{:.0f}")] for entry in one["methods"]])
        if "reading" in one:
            reading = one["reading"]
            rows += ["", f"The codes are {reading['code_bytes'] / 1e6:,.1f} MB; a plain read of as "
                     f"many bytes: {reading['read_GB_per_s']:.1f} GB/s; a whole search takes "
                     f"{reading['search_over_read']:.2f} times as long."]
        if "differing_from_plain_scan" in one:
            rows += ["", f"Queries of {one['methods'][0]['queries']:,} whose answer differs from "
                     "our own scan of all rows in a key, its order or a bit of a score: "
                     f"{one['differing_from_plain_scan']}."]
        if "filters" in one:
            rows += [""] + table(
                ["filter", "rows", "conductor p50, ms", "p99", "FAISS p50, ms", "p99", "ratio",
                 "recall@10", "wrong ids", "f32 scores a query"],
                [[f"{entry['share'] * 100:g} %", f"{entry['matching']:,}",
                  f"{entry['conductor']['p50_ms']:.3f}", f"{entry['conductor']['p99_ms']:.3f}",
                  f"{entry['faiss']['p50_ms']:.3f}", f"{entry['faiss']['p99_ms']:.3f}",
                  f"{entry['ratio']:.2f}", f"{entry['conductor']['recall']:.4f}",
                  str(entry["conductor"]["wrong"]), f"{entry['evaluations']:.0f}"]
                 for entry in one["filters"]])
    if "kernels" in told:
        rows += kernel_tables(told["kernels"])
    machine = told["machine"]
    rows += ["", f"{machine['processor']}, {machine['cores']} cores, {machine['flags']}, one "
             f"thread; instruction set: {told['instruction_set']}; load {machine['load_before']} "
             f"before and {machine['load_after']} after; {told['rounds']} rounds."]
    return "\n".join(rows)


def kernel_tables(told):
    rows = ["", f"Kernels, {told['dimension']} dimensions:", ""]
    rows += table(
        ["codes", "plain read, GB/s", "instruction set", "one query, GB/s of codes",
         "times the read", "32 queries, GMAC/s"],
        [[f"{scan['codeBytes'] >> 20} MiB", f"{scan['readSpeed']:.1f}", gate["instructionSet"],
          f"{gate['codeSpeed']:.1f}", f"{gate['timesRead']:.2f}", f"{gate['batchProducts']:.0f}"]
         for scan in told["scans"] for gate in scan["gates"]])
    rows += [""] + table(
        ["instruction set", "f32 score, ns", "from memory", "rotation, ns", "encoding, ns"],
        [[row["instructionSet"], f"{row['score']:.1f}", f"{row['scoreFromMemory']:.0f}",
          f"{row['rotation']:.0f}", f"{row['encoding']:.0f}"] for row in told["rows"]])
    return rows


def plot(told, path):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    sets = told["sets"]
    figure, axes = pyplot.subplots(
        1, len(sets), figsize=(5 * len(sets), 4.5), squeeze=False, layout="constrained")
    for axis, one in zip(axes[0], sets):
        for entry in one["methods"]:
            axis.scatter(entry["recall"], entry["single"]["qps"], label=entry["name"])
        axis.set(title=f"{one['name']}, {one['rows']:,} × {one['dimension']}", xlabel="recall@10",
                 ylabel="queries a second, one at a time", yscale="log")
        axis.grid(True, which="both", alpha=0.3)
        axis.legend(fontsize="small")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
