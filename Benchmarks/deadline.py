"""Plans with services that never finish their answer: by how much does a run pass its deadline?"""
import os, pathlib, platform, shutil, socket, subprocess, tempfile, threading, time

checkout = pathlib.Path(__file__).resolve().parent.parent
conductor = checkout / ".build/release/conductor"
HEAD = "HTTP/1.1 200 OK\r\ncontent-type: {}\r\ntransfer-encoding: chunked\r\n\r\n"


def serve(listener, piece, pause):
    def answer(connection):
        try:
            is_ollama = connection.recv(1 << 20).startswith(b"POST /api/chat")
            kind = "application/x-ndjson" if is_ollama else "text/event-stream"
            connection.sendall(HEAD.format(kind).encode())
            while True:
                connection.sendall(piece)
                time.sleep(pause)
        except OSError:
            connection.close()

    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=answer, args=(connection,), daemon=True).start()


def main():
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        world = pathlib.Path(folder) / "world"
        shutil.copytree(checkout / "corpora", world)
        subprocess.run([conductor, "--root", world, "index"], check=True, capture_output=True)
        for name, piece, pause in [
            ("silence", b"", 3600), ("a drip", b"1\r\n\n\r\n", 0.2), ("a flood", b"1\r\n\n\r\n", 0),
        ]:
            listener = socket.create_server(("127.0.0.1", 0))
            threading.Thread(target=serve, args=(listener, piece, pause), daemon=True).start()
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            environment = dict(
                os.environ, ANTHROPIC_BASE_URL=url, OLLAMA_HOST=url, ANTHROPIC_API_KEY="none")
            for deadline in (1, 3):
                started = time.monotonic()
                subprocess.run(
                    [conductor, "--root", world, "plan", "cut the S3 bill", "--planner", "primary",
                     "--deadline", str(deadline)],
                    check=True, capture_output=True, env=environment)
                over = time.monotonic() - started - deadline
                worst = max(worst, over)
                print(f"{name:8} deadline {deadline} s, passed by {over:.2f} s")
            listener.close()
    print(f"machine  {platform.machine()}, {os.cpu_count()} processors; at worst {worst:.2f} s")
    return 0 if worst <= 1 else 1


if __name__ == "__main__":
    raise SystemExit(main())
