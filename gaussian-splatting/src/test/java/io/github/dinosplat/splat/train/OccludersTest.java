package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.splat.PicturePoint;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.stereo.DenseDepth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Four photos of a wall, all of whose depths are confirmed; before the first one's left side hangs something green. */
class OccludersTest {

    private static final int THING = TrainingScenes.WIDTH / 3;

    /** The photos, the first one with something green that covers these columns, of which these pixels are confirmed. */
    private static List<PhotoCells> photos(int green, float confidence) throws IOException {
        List<DepthMap> maps = DenseSeedsTest.plane(1);
        List<PhotoCells> photos = new ArrayList<>();
        for (SeenDepths seen : DenseSeedsTest.seen(maps)) {
            int v = photos.size();
            Image image = DenseSeedsTest.photos().image(DenseSeedsTest.VIEWS.get(v), 0);
            boolean first = v == 0;
            photos.add(PhotoCells.of(
                    seen.camera(),
                    first ? painted(image, green) : image,
                    first ? unsure(seen.map(), confidence) : seen.map()));
        }
        return photos;
    }

    private static Image painted(Image image, int columns) {
        byte[] rgb = image.rgb().clone();
        for (int i = 0; i < rgb.length; i++) {
            boolean inside = i / 3 % image.width() < columns;
            rgb[i] = inside ? (byte) (i % 3 == 1 ? 255 : 0) : rgb[i];
        }
        return new Image(image.width(), image.height(), rgb);
    }

    private static DepthMap unsure(DepthMap map, float confidence) {
        float[] depth = new float[map.width() * map.height()];
        float[] sure = new float[depth.length];
        for (int i = 0; i < depth.length; i++) {
            depth[i] = map.depth(i % map.width(), i / map.width());
            sure[i] = i % map.width() < THING ? confidence : 1;
        }
        return new DepthMap(map.width(), map.height(), depth, sure);
    }

    private static float[] depths(List<PhotoCells> photos, int v) {
        List<PinholeView> cameras = photos.stream().map(PhotoCells::camera).toList();
        return Occluders.depths(
                photos.get(v),
                Arrays.stream(Occluders.neighbours(cameras, v))
                        .mapToObj(photos::get)
                        .toList());
    }

    @Test
    void areWhereNoOtherPhotoWouldShowThem() throws IOException {
        List<PhotoCells> photos = photos(THING, 0);
        PhotoCells first = photos.get(0);
        float[] depths = depths(photos, 0);
        int found = 0;
        int visible = 0;
        for (int i = 0; i < first.count(); i++) {
            float depth = depths[i];
            if (depth > 0) {
                found++;
                assertThat(i % first.columns()).isLessThan(THING);
                for (PhotoCells other : photos.subList(1, 4)) {
                    Optional<PicturePoint> seen = other.camera().see(first.world(i, depth));
                    visible += seen.isPresent() ? 1 : 0;
                }
            }
        }
        assertThat(found).isGreaterThan(first.rows() * THING / 2);
        assertThat(visible).isLessThan(found / 10);
    }

    @Test
    void areNotWhereColoursAgree() throws IOException {
        assertThat(depths(photos(0, 0), 0)).containsOnly(0);
    }

    @Test
    void areNotWhereDepthsAreConfirmed() throws IOException {
        assertThat(depths(photos(THING, 1), 0)).containsOnly(0);
    }

    @Test
    void areNeitherSmallNorInOtherPhotos() throws IOException {
        assertThat(depths(photos(1, 0), 0)).containsOnly(0);
        assertThat(depths(photos(THING, 0), 1)).containsOnly(0);
    }

    @Test
    void standBeforeAMapAsGuesses() throws IOException {
        PhotoCells cells = photos(THING, 0).get(0);
        float[] occluders = new float[cells.count()];
        occluders[0] = 1;
        occluders[cells.columns() - 1] = 1;
        DepthMap map = unsure(DenseSeedsTest.plane(1).get(0), 0);
        DepthMap with = DepthFilling.fill(map, cells.pixels(occluders), DenseDepth.GUESSED);
        assertThat(with.depth(0, 0)).isEqualTo(1);
        assertThat(with.confidence(0, 0)).isEqualTo(DenseDepth.GUESSED);
        int right = map.width() - 1;
        assertThat(with.depth(right, 0)).isEqualTo(map.depth(right, 0));
        assertThat(with.confidence(right, 0)).isEqualTo(1);
    }
}
