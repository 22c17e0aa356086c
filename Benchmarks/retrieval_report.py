"""What retrieval.py works out of its answers: figures with their errors, a table and a plot."""
import math
import statistics

import numpy

ROUNDS, SEED = 10_000, 1


def ndcg(found, grades):
    """Linear gain, the first ten."""
    def total(values):
        return sum(value / math.log2(place + 2) for place, value in enumerate(values))

    gains = {document: grade for document, grade in grades.items() if grade > 0}
    ideal = total(sorted(gains.values(), reverse=True)[:10])
    return total(gains.get(document, 0) for document in found[:10]) / ideal


def recall(found, grades):
    relevant = {document for document, grade in grades.items() if grade > 0}
    return len(relevant & set(found[:10])) / len(relevant)


def figures(answers, chosen):
    """The scores of every query in the set's order, and what they come to."""
    scores = numpy.array([ndcg(answers[query], chosen.grades[query]) for query in chosen.queries])
    return scores, {
        "ndcg@10": float(scores.mean()),
        "standard_error": float(scores.std(ddof=1) / math.sqrt(len(scores))),
        "recall@10": statistics.mean(
            recall(answers[query], chosen.grades[query]) for query in chosen.queries)}


def difference(ours, theirs):
    """Ours less theirs, with the 95 % interval over resamples of the queries."""
    gaps = ours - theirs
    random = numpy.random.default_rng(SEED)
    means = gaps[random.integers(len(gaps), size=(ROUNDS, len(gaps)))].mean(axis=1)
    low, high = numpy.percentile(means, [2.5, 97.5])
    return {"difference": float(gaps.mean()), "low": float(low), "high": float(high)}


def latency(seconds):
    seconds = sorted(seconds)
    return {"p50_ms": statistics.median(seconds) * 1000,
            "p99_ms": seconds[min(len(seconds) - 1, int(len(seconds) * 0.99))] * 1000}


def markdown(told):
    lines = []
    for chosen in told["sets"]:
        lines += [
            f"{chosen['name']}: {chosen['queries']} queries, {chosen['documents']:,} documents", "",
            "| system | of each document | nDCG@10 | ± | recall@10 | conductor less it, 95 % "
            "| query p50, ms | p99 | index, s | disk, MB |",
            "|---|---|---:|---:|---:|---|---:|---:|---:|---:|"]
        for row in chosen["systems"]:
            gap = row.get("against")
            lines.append("| " + " | ".join([
                row["name"], row["unit"], f"{row['ndcg@10']:.4f}", f"{row['standard_error']:.4f}",
                f"{row['recall@10']:.4f}",
                f"{gap['difference']:+.4f} ({gap['low']:+.4f} to {gap['high']:+.4f})" if gap else "",
                f"{row['p50_ms']:.1f}", f"{row['p99_ms']:.1f}", f"{row['index_seconds']:.1f}",
                f"{row['megabytes']:.0f}"]) + " |")
        lines.append("")
    machine = told["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in told["versions"].items())
    lines.append(
        f"{machine['processor']}, {machine['cores']} cores; load {machine['load_before']} before and "
        f"{machine['load_after']} after; {versions}.")
    return "\n".join(lines)


def plot(told, path):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(
        1, len(told["sets"]), figsize=(6.5 * len(told["sets"]), 5), squeeze=False)
    for axis, chosen in zip(axes[0], told["sets"]):
        rows = chosen["systems"][::-1]
        axis.barh(
            [f"{row['name']} ({row['unit']})" for row in rows], [row["ndcg@10"] for row in rows],
            xerr=[row["standard_error"] for row in rows],
            color=["#c26a3d" if row["name"].startswith("conductor") else "#4878a8" for row in rows])
        axis.set_title(chosen["name"])
        axis.set_xlabel("nDCG@10, with its standard error")
        axis.set_xlim(0.4, 0.9)
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
