"""What embedding.py works out of its rounds: ratios, cosines and a table."""
import os
import pathlib
import platform
import re
import statistics

FLAGS = ("avx2", "fma", "avx512f", "avx_vnni", "avx512_vnni", "avx512_bf16", "amx_int8")
PAIRS = (
    ("fp32", "onnxruntime-fp32"), ("int8", "onnxruntime-int8"), ("int8", "onnxruntime-fp32"),
    ("fp32", "sentence-transformers"), ("int8", "sentence-transformers"),
)
REFERENCE = "onnxruntime-fp32"


def machine():
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    text = cpuinfo.read_text() if cpuinfo.exists() else ""
    name = re.search(r"model name\s*: (.*)", text)
    flags = re.search(r"flags\s*: (.*)", text)
    known = flags[1].split() if flags else []
    return {
        "processor": name[1] if name else platform.machine(), "cores": os.cpu_count(),
        "flags": " ".join(flag for flag in FLAGS if flag in known),
        "load_before": round(os.getloadavg()[0], 1)}


def rate(runs, key, tokens):
    seconds = [run.get(key) for run in runs]
    return round(tokens / statistics.median(seconds)) if all(seconds) else None


def speeds(everyone, trials, tokens):
    told = {}
    for name, item in everyone.items():
        speed = told[name] = {"encoder_tokens_per_s": rate(item.runs, "encoder", tokens)}
        if name in trials:
            speed |= trials[name]
        else:
            speed["process_tokens_per_s"] = rate(item.runs, "process", tokens)
            speed["peak_resident_kB"] = max(run["kilobytes"] for run in item.runs)
            speed["embedder"] = item.embedder
    return told


def ratios(ours, peers):
    """Medians of each round's quotient, so that a machine that slows down slows both sides."""
    told = {}
    for precision, peer in PAIRS:
        if precision not in ours or peer not in peers:
            continue
        rounds = list(zip(ours[precision].runs, peers[peer].runs))
        entry = told[f"conductor-{precision} / {peer}"] = {}
        for key in ("encoder", "process"):
            if all(own[key] for own, _ in rounds):
                quotients = [other["encoder"] / own[key] for own, other in rounds]
                entry[key] = round(statistics.median(quotients), 3)
                entry[f"{key}_rounds"] = [round(quotient, 3) for quotient in quotients]
    return told


def cosines(everyone):
    import numpy

    reference = numpy.load(everyone[REFERENCE].vectors)
    told = {}
    for name, item in everyone.items():
        if name != REFERENCE:
            products = (numpy.load(item.vectors) * reference).sum(1)
            told[name] = round(float(products.min()), 6)
    return told


def cell(value, form="{}"):
    return "" if value is None else form.format(value)


def markdown(told):
    rows = [
        "| encoder | tokens/s, encoder | tokens/s, process | batch, threads | query, ms "
        "| start-up, ms | peak memory, MB | least cosine |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, speed in told["speeds"].items():
        resident = speed.get("peak_resident_kB")
        rows.append("| " + " | ".join([
            name, cell(speed["encoder_tokens_per_s"], "{:,}"),
            cell(speed.get("process_tokens_per_s"), "{:,}"),
            cell(speed.get("best"), "{0[batch]}, {0[threads_a_batch]}"),
            cell(told["query"].get(name, {}).get("median_ms"), "{:.2f}"),
            cell(told["start_up_ms"].get(name)),
            cell(resident and resident // 1024),
            cell(told["least_cosine"].get(name)),
        ]) + " |")
    rows += ["", "| ratio | encoder | process |", "| --- | ---: | ---: |"]
    for name, ratio in told["ratios"].items():
        rows.append(f"| {name} | {cell(ratio.get('encoder'))} | {cell(ratio.get('process'))} |")
    versions = ", ".join(f"{name} {version}" for name, version in told["versions"].items())
    machine = told["machine"]
    rows += ["", f"{machine['processor']}, {machine['cores']} cores, "
             f"{machine['flags']}; load {machine['load_before']} before and "
             f"{machine['load_after']} after; {told['texts']} texts, {told['tokens']:,} tokens, "
             f"{told['rounds']} rounds; {versions}."]
    return "\n".join(rows)
