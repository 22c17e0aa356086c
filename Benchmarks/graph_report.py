"""What graphs.py tells, as tables and a plot."""
from vector_report import table

__all__ = ["markdown", "plot"]


def percent(share):
    return f"{share * 100:g} %"


def at_recall(one):
    rows = []
    for entry in one["at_recall"]:
        rows.append([f"{entry['target']}", "conductor", f"depth {entry['depth']}",
                     f"{entry['recall']:.4f}", f"{entry['qps']:,.0f}", "",
                     f"{sum(one['build_seconds'].values()):.1f}", "", ""])
        for peer in entry["peers"]:
            if not peer["reached"]:
                rows.append(["", peer["kind"], "", "not reached", *[""] * 5])
                continue
            taken = sum(peer["memory"].values()) / 1024
            rows.append(["", peer["kind"], f"M {peer['neighbours']}, efConstruction "
                         f"{peer['build_breadth']}, ef {peer['ef']}", f"{peer['recall']:.4f}",
                         f"{peer['qps']:,.0f}", f"{peer['ratio']:.2f}", f"{peer['build_seconds']:.1f}",
                         f"{peer['build_seconds'] / sum(one['build_seconds'].values()):.2f}",
                         f"{taken:,.0f}"])
    return table(["recall@10", "index", "setting", "measured", "queries/s", "conductor is faster by",
                  "build, s", "built faster by", "memory, MB"], rows)


def churn(told):
    rows = [[str(entry["depth"]), f"{entry['changed']['recall']:.4f}",
             f"{entry['fresh']['recall']:.4f}", f"{entry['changed']['qps']:,.0f}",
             f"{entry['fresh']['qps']:,.0f}"] for entry in told["depths"]]
    lines = table(["depth", "recall after", "recall, fresh", "queries/s after", "fresh"], rows)
    removal, put = told["removals"], told["insertions"]
    changed, fresh = told["changed"], told["fresh"]["file_bytes"]
    return lines + ["", f"{removal['count']:,} rows removed and {put['count']:,} put: a removal takes "
                    f"{removal['median_ms']:.3f} ms (mean {removal['mean_ms']:.3f}, p99 "
                    f"{removal['p99_ms']:.3f}), a row {put['median_ms']:.3f} ms. The file is "
                    f"{changed['file_bytes'] / fresh:.2f} times that of a fresh one, "
                    f"{changed['tidy_file_bytes'] / fresh:.2f} times once tidied."]


def filters(told):
    names = list(told[0]["ways"])
    rows = [[percent(entry["share"]), f"{entry['over_exact']:.2f}", str(entry["graph_searches"]),
             str(entry["fallbacks"]),
             *(f"{entry['ways'][name]['ms']:.3f} ({entry['ways'][name]['recall']:.4f})"
               for name in names)] for entry in told]
    return table(["rows that pass", "auto over exact", "through the graph", "then exactly",
                  *(f"{name}, ms (recall)" for name in names)], rows)


def markdown(told):
    rows = []
    for one in told["sets"]:
        taken = one["memory"]
        rows += ["", f"{one['name']}: {one['rows']:,} × {one['dimension']}", "", *at_recall(one), "",
                 f"conductor's saved index, opened: {taken['RssAnon'] / 1024:,.0f} MB of its own and "
                 f"{taken['RssFile'] / 1024:,.0f} MB of mapped pages at recall "
                 f"{taken['recall']:.4f}, {taken['qps']:,.0f} queries/s.", ""]
        rows += table(
            ["stated", "learnt from", "depth", "recall", "± s.e.", "queries/s"],
            [[f"{entry['target']}", entry["from"], str(entry["depth"]), f"{entry['recall']:.4f}",
              f"{entry['standard_error']:.4f}", f"{entry['qps']:,.0f}"] for entry in one["stated"]])
        rows += ["", *filters(one["filters"]), "", *churn(one["churn"])]
    machine = told["machine"]
    return "\n".join(rows + [
        "", f"{machine['processor']}, {machine['cores']} cores, {machine['flags']}, one thread; load "
        f"{machine['load_before']} before and {machine['load_after']} after; {told['rounds']} rounds."])


def plot(told, path):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    sets = told["sets"]
    figure, axes = pyplot.subplots(
        1, len(sets), figsize=(6 * len(sets), 5), squeeze=False, layout="constrained")
    for axis, one in zip(axes[0], sets):
        for number, (kind, curves) in enumerate(one["curves"].items()):
            for place, curve in enumerate(curves):
                axis.plot([point["recall"] for point in curve["points"]],
                          [point["qps"] for point in curve["points"]], color=f"C{number + 1}",
                          alpha=0.5, linewidth=1, label=kind if place == 0 else None)
        axis.plot([point["recall"] for point in one["own_curve"]],
                  [point["qps"] for point in one["own_curve"]], color="C0", linewidth=2.5,
                  marker="o", label="conductor")
        axis.set(title=f"{one['name']}, {one['rows']:,} × {one['dimension']}", xlabel="recall@10",
                 ylabel="queries a second, one at a time", yscale="log", xlim=(0.85, 1))
        axis.grid(True, which="both", alpha=0.3)
        axis.legend(fontsize="small")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
