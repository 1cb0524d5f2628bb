package io.github.dinosplat.depth;

import io.github.dinosplat.scene.Parallel;
import io.github.dinosplat.scene.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Works on a few photos at once and hands their results on one at a time in order, so that memory stays bounded. */
final class PhotoBatches implements AutoCloseable {

    interface Work<T> {
        T run(int view) throws IOException;
    }

    interface Take<T> {
        void accept(int view, T result) throws IOException;
    }

    private final int threads;
    private final Progress progress;
    private final ExecutorService pool;

    PhotoBatches(int threads, Progress progress) {
        this.threads = threads;
        this.progress = progress;
        pool = Executors.newFixedThreadPool(threads, r -> {
            Thread t = new Thread(r, "depth");
            t.setDaemon(true);
            return t;
        });
    }

    <T> void run(List<Integer> views, Work<T> work, Take<T> take) throws IOException {
        List<Future<T>> running = new ArrayList<>();
        int next = 0;
        for (int v = 0; v < views.size(); v++) {
            for (; next < Math.min(views.size(), v + threads); next++) {
                int view = views.get(next);
                running.add(pool.submit(() -> {
                    progress.checkCancelled();
                    return work.run(view);
                }));
            }
            Future<T> first = running.remove(0);
            take.accept(views.get(v), Parallel.result(first));
            progress.checkCancelled();
        }
    }

    @Override
    public void close() {
        Parallel.end(pool);
    }
}
