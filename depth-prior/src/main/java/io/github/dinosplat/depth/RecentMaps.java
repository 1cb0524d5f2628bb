package io.github.dinosplat.depth;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The depth maps that were asked for last; others are read again. */
final class RecentMaps implements DepthSource {

    private final DepthSource source;
    private final LinkedHashMap<String, Optional<DepthMap>> recent;

    RecentMaps(DepthSource source, int most) {
        this.source = source;
        recent = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Optional<DepthMap>> eldest) {
                return size() > most;
            }
        };
    }

    @Override
    public synchronized Optional<DepthMap> read(View view) throws IOException {
        Optional<DepthMap> known = recent.get(view.name());
        if (known != null) {
            return known;
        }
        Optional<DepthMap> map = source.read(view);
        recent.put(view.name(), map);
        return map;
    }
}
