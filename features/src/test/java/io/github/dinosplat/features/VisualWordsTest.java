package io.github.dinosplat.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoFolder;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.scene.io.SceneFile;
import io.github.dinosplat.scene.testing.RealData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

class VisualWordsTest {

    private static final int CHANNELS = 16;

    /** Photos of three places: 256 patches, drawn from ten directions of the place and their opposites, so that all means are alike. */
    private static List<FeatureMap> places(int each) {
        Random random = new Random(4);
        List<FeatureMap> maps = new ArrayList<>();
        for (int place = 0; place < 3; place++) {
            float[][] directions = new float[10][CHANNELS];
            for (float[] d : directions) {
                for (int k = 0; k < CHANNELS; k++) {
                    d[k] = (float) random.nextGaussian();
                }
            }
            for (int photo = 0; photo < each; photo++) {
                float[] values = new float[256 * CHANNELS];
                for (int i = 0; i < 256; i++) {
                    float[] d = directions[random.nextInt(10)];
                    float sign = i % 2 == 0 ? 1 : -1;
                    for (int k = 0; k < CHANNELS; k++) {
                        values[i * CHANNELS + k] = sign * d[k] + 0.1f * (float) random.nextGaussian();
                    }
                }
                maps.add(new FeatureMap(16, 16, CHANNELS, 160, 160, values));
            }
        }
        return maps;
    }

    @Test
    void photosOfOnePlaceFindEachOtherWhereMeansDoNot() {
        List<FeatureMap> maps = places(5);
        assertThat(firstHits(VisualWords.vectors(maps.size(), maps::get), 5, false))
                .isEqualTo(15);
        List<float[]> means = new ArrayList<>();
        for (FeatureMap map : maps) {
            float[] mean = new float[CHANNELS];
            float[] patch = new float[CHANNELS];
            for (int i = 0; i < 256; i++) {
                map.copyPatch(i / 16, i % 16, patch);
                for (int k = 0; k < CHANNELS; k++) {
                    mean[k] += patch[k];
                }
            }
            means.add(mean);
        }
        // Five of fifteen are right by chance.
        assertThat(firstHits(means, 5, false)).isLessThan(12);
    }

    @Test
    void vectorsAreOfUnitLengthAndTheSameEachTime() {
        List<FeatureMap> maps = places(3);
        List<float[]> vectors = VisualWords.vectors(9, maps::get);
        List<float[]> again = VisualWords.vectors(9, maps::get);
        for (int i = 0; i < 9; i++) {
            assertThat(again.get(i)).isEqualTo(vectors.get(i));
            assertThat(dot(vectors.get(i), vectors.get(i))).isCloseTo(1, offset(1e-5));
        }
    }

    @Test
    void whatCannotBeComparedIsRefused() {
        FeatureMap one = new FeatureMap(1, 1, 2, 1, 1, new float[] {1, 0});
        FeatureMap other = new FeatureMap(1, 1, 3, 1, 1, new float[] {1, 0, 0});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VisualWords.vectors(1, i -> one))
                .withMessageContaining("photos must be at least 2 but was 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VisualWords.vectors(2, i -> i == 0 ? one : other))
                .withMessageContaining("2 and 3");
        // Photos that do not differ have nothing by which they could be told apart.
        assertThat(VisualWords.vectors(2, i -> one))
                .allSatisfy(v -> assertThat(v).containsOnly(0));
        FeatureMap nothing = new FeatureMap(1, 1, 2, 1, 1, new float[2]);
        assertThat(VisualWords.vectors(2, i -> nothing))
                .allSatisfy(v -> assertThat(v).containsOnly(0));
    }

    /** Half of the photos of three scenes are dark and blue; the bright ones must find their scene among the dark ones and the other way round. */
    @Test
    void photosInAnotherLightFindTheirScene() throws IOException {
        List<FeatureMap> learned = new ArrayList<>();
        try (DenseFeatures features =
                DenseFeatures.embedded(DenseFeatureOptions.defaults().withLongSide(320))) {
            for (String set : List.of("strecha-fountain-p11", "strecha-herz-jesu-p8", "sceaux-castle")) {
                Optional<Path> folder = RealData.folder(set);
                assumeTrue(folder.isPresent(), RealData.absence(set));
                List<Photo> photos =
                        PhotoFolder.read(folder.get().resolve("images")).photos();
                for (int i = 0; i < 4; i++) {
                    Image photo = ImageFiles.read(photos.get(i).path()).fitted(320);
                    Image seen = i % 2 == 0 ? photo : darkened(photo);
                    learned.add(features.extract(seen));
                }
            }
        }
        assertThat(firstHits(VisualWords.vectors(12, learned::get), 4, true)).isEqualTo(12);
    }

    /** Five of the temple's sixteen photos were taken upside down; the second of the measures finds their neighbours. */
    @Test
    void photosTakenUpsideDownFindTheirNeighbours() throws IOException {
        Optional<Path> folder = RealData.folder("middlebury-temple-sparse-ring");
        assumeTrue(folder.isPresent(), RealData.absence("middlebury-temple-sparse-ring"));
        List<View> views =
                SceneFile.read(folder.get(), Optional.empty()).scene().views();
        List<FeatureMap> upright = new ArrayList<>();
        List<FeatureMap> turned = new ArrayList<>();
        try (DenseFeatures features =
                DenseFeatures.embedded(DenseFeatureOptions.defaults().withLongSide(512))) {
            for (View view : views) {
                Image photo = ImageFiles.read(folder.get().resolve(view.name())).fitted(512);
                upright.add(features.extract(photo));
                turned.add(features.extract(upsideDown(photo)));
            }
        }
        int n = views.size();
        float[] either = VisualWords.similarities(n, upright::get, turned::get);
        List<float[]> vectors = VisualWords.vectors(n, upright::get);
        float[] asTheyAre = new float[n * n];
        for (int i = 0; i < n * n; i++) {
            asTheyAre[i] = (float) dot(vectors.get(i / n), vectors.get(i % n));
        }
        // Observed: 0.98 and 0.80.
        assertThat(meanAveragePrecision(either, views)).isGreaterThan(0.95);
        assertThat(meanAveragePrecision(asTheyAre, views)).isLessThan(0.88);
    }

    /** Each photo asks for those whose axis is within 30 degrees of its own. */
    private static double meanAveragePrecision(float[] similarities, List<View> views) {
        int n = views.size();
        double sum = 0;
        for (int i = 0; i < n; i++) {
            int asking = i;
            List<Integer> order = IntStream.range(0, n)
                    .filter(j -> j != asking)
                    .boxed()
                    .sorted(Comparator.comparingDouble(j -> -similarities[asking * n + j]))
                    .toList();
            int right = 0;
            double precision = 0;
            for (int k = 0; k < order.size(); k++) {
                if (axis(views.get(i)).angle(axis(views.get(order.get(k)))) < Math.PI / 6) {
                    right++;
                    precision += (double) right / (k + 1);
                }
            }
            sum += precision / right;
        }
        return sum / n;
    }

    private static Vector3d axis(View view) {
        return view.camFromWorld().inverse().rotation().transform(new Vector3d(0, 0, 1));
    }

    private static Image upsideDown(Image photo) {
        byte[] rgb = photo.rgb();
        byte[] turned = new byte[rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            turned[i] = rgb[rgb.length - 3 - i + 2 * (i % 3)];
        }
        return new Image(photo.width(), photo.height(), turned);
    }

    /** Less light, and bluer. */
    private static Image darkened(Image photo) {
        int[] percent = {15, 30, 60};
        byte[] rgb = photo.rgb().clone();
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) ((rgb[i] & 0xff) * percent[i % 3] / 100);
        }
        return new Image(photo.width(), photo.height(), rgb);
    }

    /** Of how many photos the one with the greatest dot product, of all or of those in the other light, is of the same place. */
    private static int firstHits(List<float[]> vectors, int each, boolean otherLight) {
        int hits = 0;
        for (int i = 0; i < vectors.size(); i++) {
            int best = -1;
            for (int j = 0; j < vectors.size(); j++) {
                if (j != i
                        && (best < 0 || dot(vectors.get(i), vectors.get(j)) > dot(vectors.get(i), vectors.get(best)))) {
                    best = j;
                }
            }
            hits += best / each == i / each ? 1 : 0;
        }
        return hits;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += (double) a[k] * b[k];
        }
        return sum;
    }
}
