"""The cost per point, with a model of no cost, of other ways to distribute points: for `jobs/bench`, if they are installed.

    mpirun -n 2 python3 -m mpi4py.futures peers.py futures COUNT
    python3 peers.py redis COUNT
    python3 peers.py multiprocessing COUNT

Each floods a square of about COUNT points: a master keeps the set and the queue, one worker answers. Prints points and
seconds.
"""

import math
import os
import subprocess
import sys
import tempfile
import time


def evaluate(point):
    return point, 288.0


def flood(side, ask, answers):
    """Asks outward from the middle, with up to 64 points in progress."""
    origin = (side // 2, side // 2)
    met, open_points, pending, done = {origin}, [origin], 0, 0
    begin = time.perf_counter()
    while open_points or pending:
        while open_points and pending < 64:
            ask(open_points.pop())
            pending += 1
        for (x, y), _ in answers():
            pending -= 1
            done += 1
            for point in ((x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)):
                if point not in met and 0 <= point[0] < side and 0 <= point[1] < side:
                    met.add(point)
                    open_points.append(point)
    print("points", done, "seconds", time.perf_counter() - begin)


def with_futures(side):
    from concurrent.futures import FIRST_COMPLETED, wait

    from mpi4py.futures import MPIPoolExecutor

    with MPIPoolExecutor() as pool:
        list(pool.map(evaluate, [(0, 0)]))
        pending = set()

        def answers():
            nonlocal pending
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            return [future.result() for future in done]

        flood(side, lambda point: pending.add(pool.submit(evaluate, point)), answers)


def serve(tasks, results):
    for point in iter(tasks.get, None):
        results.put(evaluate(point))


def with_multiprocessing(side):
    import multiprocessing

    tasks, results = multiprocessing.Queue(), multiprocessing.Queue()
    worker = multiprocessing.Process(target=serve, args=(tasks, results))
    worker.start()
    flood(side, tasks.put, lambda: [results.get()])
    tasks.put(None)
    worker.join()


def work_for_redis(path):
    import pickle

    import redis

    server = redis.Redis(unix_socket_path=path)
    while True:
        task = server.blpop("tasks")[1]
        if task == b"stop":
            return
        server.rpush("results", pickle.dumps(evaluate(pickle.loads(task))))


def with_redis(side):
    import multiprocessing
    import pickle

    import redis

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "redis.sock")
        process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", path, "--save", "", "--dir", folder],
            stdout=subprocess.DEVNULL)
        try:
            while not os.path.exists(path):
                time.sleep(0.01)
            server = redis.Redis(unix_socket_path=path)
            worker = multiprocessing.Process(target=work_for_redis, args=(path,))
            worker.start()
            flood(
                side, lambda point: server.rpush("tasks", pickle.dumps(point)),
                lambda: [pickle.loads(server.blpop("results")[1])])
            server.rpush("tasks", "stop")
            worker.join()
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    kinds = {"futures": with_futures, "multiprocessing": with_multiprocessing, "redis": with_redis}
    kinds[sys.argv[1]](math.isqrt(int(sys.argv[2])))
