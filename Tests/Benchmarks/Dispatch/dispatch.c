// dispatch — what the benchmark compares with: a hand-written master and workers in C over MPI that flood a square lattice
// with a model of no cost.
//
//   mpicc -O3 -march=native dispatch.c -o dispatch && mpirun -n 2 ./dispatch SIDE BATCH
//
// Rank 0 keeps a queue and a set of the points met (open addressing) and sends BATCH points per message; a worker has one
// message at a time and answers each point of it. Prints points and seconds.
#include <mpi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 4096 };

typedef struct { uint32_t id; uint32_t pad; uint64_t key; } Point;
typedef struct { uint32_t id; int32_t outcome; double value; } Answer;

static uint64_t *keys;
static uint32_t *slots, mask, shift, count, asked;

static void reach(uint64_t key) {
    uint32_t slot = (uint32_t)((key * 0x9E3779B97F4A7C15u) >> shift);
    while (slots[slot]) {
        if (keys[slots[slot] - 1] == key) return;
        slot = (slot + 1) & mask;
    }
    keys[count] = key;
    slots[slot] = ++count;
}

static void master(int64_t side, int batch, int size) {
    uint64_t total = (uint64_t)side * side;
    uint32_t bits = 10;
    while ((1u << bits) < total + total / 2) bits++;
    mask = (1u << bits) - 1;
    shift = 64 - bits;
    keys = malloc(total * sizeof *keys);
    slots = calloc((size_t)mask + 1, sizeof *slots);
    char *idle = malloc(size);
    memset(idle, 1, size);
    Point points[MOST];
    Answer answers[MOST];
    double *values = malloc(total * sizeof *values);
    uint64_t done = 0;
    double begin = MPI_Wtime();
    reach((uint64_t)(side / 2 * side + side / 2));
    int waiting = 0;
    while (done < total) {
        for (int rank = 1; rank < size && asked < count; rank++) {
            if (!idle[rank]) continue;
            uint32_t open = count - asked, share = open / (uint32_t)(2 * (size - 1));
            int n = batch;
            if (batch > 1 && share < (uint32_t)n) n = share < 1 ? 1 : (int)share;
            if ((uint32_t)n > open) n = (int)open;
            for (int i = 0; i < n; i++, asked++) points[i] = (Point){asked, 0, keys[asked]};
            MPI_Send(points, n * (int)sizeof *points, MPI_BYTE, rank, 0, MPI_COMM_WORLD);
            idle[rank] = 0;
            waiting++;
        }
        if (!waiting) break;
        MPI_Status status;
        int bytes;
        MPI_Recv(answers, sizeof answers, MPI_BYTE, MPI_ANY_SOURCE, 0, MPI_COMM_WORLD, &status);
        MPI_Get_count(&status, MPI_BYTE, &bytes);
        waiting--;
        idle[status.MPI_SOURCE] = 1;
        for (int i = 0; i < bytes / (int)sizeof *answers; i++, done++) {
            values[done] = answers[i].value;
            int64_t key = (int64_t)keys[answers[i].id], x = key / side, y = key % side;
            if (x > 0) reach((uint64_t)(key - side));
            if (x + 1 < side) reach((uint64_t)(key + side));
            if (y > 0) reach((uint64_t)(key - 1));
            if (y + 1 < side) reach((uint64_t)(key + 1));
        }
    }
    double seconds = MPI_Wtime() - begin;
    for (int rank = 1; rank < size; rank++) MPI_Send(points, 0, MPI_BYTE, rank, 0, MPI_COMM_WORLD);
    printf("points %lu seconds %.9g\n", (unsigned long)done, seconds);
}

static void worker(void) {
    Point points[MOST];
    Answer answers[MOST];
    for (;;) {
        MPI_Status status;
        int bytes;
        MPI_Recv(points, sizeof points, MPI_BYTE, 0, 0, MPI_COMM_WORLD, &status);
        MPI_Get_count(&status, MPI_BYTE, &bytes);
        int n = bytes / (int)sizeof *points;
        if (!n) return;
        for (int i = 0; i < n; i++) answers[i] = (Answer){points[i].id, 1, 288.0};
        MPI_Send(answers, n * (int)sizeof *answers, MPI_BYTE, 0, 0, MPI_COMM_WORLD);
    }
}

int main(int argc, char **argv) {
    MPI_Init(&argc, &argv);
    int rank, size;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    int64_t side = argc > 1 ? atol(argv[1]) : 0;
    int batch = argc > 2 ? atoi(argv[2]) : 0;
    if (size < 2 || side < 1 || side > 40000 || batch < 1 || batch > MOST) {
        if (!rank) fprintf(stderr, "dispatch: at least 2 ranks, SIDE 1...40000 and BATCH 1...%d\n", MOST);
        MPI_Finalize();
        return 64;
    }
    if (rank) worker(); else master(side, batch, size);
    MPI_Finalize();
    return 0;
}
