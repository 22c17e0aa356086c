"""What int8 costs in answers: nDCG@10 by vectors alone at both precisions, on a set in BEIR's layout.

Usage: drift.py SET, a folder with corpus.jsonl, queries.jsonl and qrels.tsv; each text is one window.
"""
import json, math, pathlib, subprocess, sys, tempfile

import numpy

checkout = pathlib.Path(__file__).resolve().parent.parent
MODEL = "all-minilm-l6-v2"


def records(path):
    for line in path.read_text().split("\n"):
        if line:
            record = json.loads(line)
            text = " ".join(f"{record.get('title', '')} {record['text']}".split())
            yield str(record["_id"]), text


def vectors(texts, precision, folder):
    source, target = folder / "texts", folder / "vectors.npy"
    source.write_text("\n".join(texts) + "\n")
    subprocess.run(
        [checkout / ".build/release/conductor", "embed", "--file", source, "--npy", target,
         "--embedder", f"{MODEL}/{precision}"], check=True, stderr=subprocess.DEVNULL)
    return numpy.load(target)


def main():
    place = pathlib.Path(sys.argv[1])
    corpus, queries = dict(records(place / "corpus.jsonl")), dict(records(place / "queries.jsonl"))
    relevant = {}
    for line in (place / "qrels.tsv").read_text().split("\n"):
        fields = line.split()
        if len(fields) >= 3 and fields[-1].isdigit() and int(fields[-1]) > 0:
            relevant.setdefault(fields[0], {})[fields[-2]] = int(fields[-1])
    names, asked = list(corpus), [query for query in queries if query in relevant]
    scores = {}
    with tempfile.TemporaryDirectory() as folder:
        for precision in ("fp32", "int8"):
            documents = vectors(corpus.values(), precision, pathlib.Path(folder))
            questions = vectors([queries[query] for query in asked], precision, pathlib.Path(folder))
            order = numpy.argsort(-(questions @ documents.T), axis=1, kind="stable")[:, :10]
            scores[precision] = numpy.array([
                sum(relevant[query].get(names[row], 0) / math.log2(rank + 2)
                    for rank, row in enumerate(rows))
                / sum(grade / math.log2(rank + 2) for rank, grade in
                      enumerate(sorted(relevant[query].values(), reverse=True)[:10]))
                for query, rows in zip(asked, order)])
    difference = scores["int8"] - scores["fp32"]
    print(json.dumps({
        "set": place.name, "documents": len(corpus), "queries": len(asked),
        "ndcg@10": {name: round(float(values.mean()), 4) for name, values in scores.items()},
        "int8_less_fp32": round(float(difference.mean()), 4),
        "standard_error": round(float(difference.std(ddof=1) / math.sqrt(len(asked))), 4),
    }, indent=2))


main()
