package io.github.dinosplat.samples.pairs;

import io.github.dinosplat.matching.twoview.PhotoPair;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.SceneFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.joml.Vector3d;

/**
 * The pairs of public photo sets: WxBS and EVD (season, day and night, extreme views), fountain-P11 and Herz-Jesu-P8, frames
 * of TUM's fr2/desk, and neighbours among Middlebury's temple ring and among any photos with known cameras.
 */
final class PairSets {

    /** Photos that look in directions farther apart show different sides of things. */
    private static final double MOST_DEG = 50;
    /** Nearest cameras of each photo that look likewise. */
    private static final int NEAREST = 4;
    /** Of sets with more pairs as many are taken, evenly. */
    private static final int MOST_PAIRS = 40;

    private PairSets() {}

    /**
     * Reads a set.
     *
     * @param data folder with the public sets
     * @param set {@code wxbs}, {@code fountain}, {@code herz-jesu}, {@code temple}, {@code tum}, or {@code PHOTOS,SCENE} for a
     *     folder of photos and a scene with their cameras
     * @throws IOException if there is no such set
     */
    static List<KnownPair> read(Path data, String set) throws IOException {
        return switch (set) {
            case "wxbs" -> wxbs(data.resolve("wxbs-pairs"));
            case "fountain" -> strecha(data.resolve("strecha-fountain-p11"));
            case "herz-jesu" -> strecha(data.resolve("strecha-herz-jesu-p8"));
            case "temple" -> {
                Path folder = data.resolve("middlebury-temple-sparse-ring");
                yield neighbours(SceneFile.read(folder, Optional.of(folder)));
            }
            case "tum" -> {
                Path folder = data.resolve("tum-fr2-desk");
                yield all(new SceneFile(TumFrames.read(folder), folder, List.of()));
            }
            default -> {
                String[] parts = set.split(",", -1);
                if (parts.length != 2) {
                    throw new IOException(
                            "no set " + set
                                    + ": give wxbs, fountain, herz-jesu, temple, tum, or PHOTOS,SCENE for photos with known cameras");
                }
                yield neighbours(SceneFile.read(Path.of(parts[1]), Optional.of(Path.of(parts[0]))));
            }
        };
    }

    private static List<KnownPair> strecha(Path folder) throws IOException {
        return all(SceneFile.read(folder.resolve("gt_cameras"), Optional.of(folder.resolve("images"))));
    }

    private static List<KnownPair> all(SceneFile file) {
        List<View> views = file.scene().views();
        List<KnownPair> pairs = new ArrayList<>();
        for (int i = 0; i < views.size(); i++) {
            for (int j = i + 1; j < views.size(); j++) {
                pairs.add(pair(file, views.get(i), views.get(j)));
            }
        }
        return pairs;
    }

    /** Each photo with the nearest ones that look in about its direction. */
    private static List<KnownPair> neighbours(SceneFile file) {
        List<View> views = file.scene().views();
        TreeSet<PhotoPair> chosen = new TreeSet<>();
        for (int i = 0; i < views.size(); i++) {
            View here = views.get(i);
            int index = i;
            IntStream.range(0, views.size())
                    .filter(j -> j != index && betweenAxesDeg(here, views.get(j)) <= MOST_DEG)
                    .boxed()
                    .sorted(Comparator.comparingDouble(j -> centre(here).distance(centre(views.get(j)))))
                    .limit(NEAREST)
                    .forEach(j -> chosen.add(PhotoPair.of(index, j)));
        }
        List<PhotoPair> all = List.copyOf(chosen);
        int step = (all.size() + MOST_PAIRS - 1) / MOST_PAIRS;
        List<KnownPair> pairs = new ArrayList<>();
        for (int k = 0; k < all.size(); k += step) {
            pairs.add(pair(file, views.get(all.get(k).a()), views.get(all.get(k).b())));
        }
        return pairs;
    }

    private static Vector3d centre(View view) {
        return view.camFromWorld().targetOriginInSource();
    }

    private static double betweenAxesDeg(View a, View b) {
        Rigid3 bFromA = b.camFromWorld().compose(a.camFromWorld().inverse());
        return Math.toDegrees(new Vector3d(0, 0, 1).rotate(bFromA.rotation()).angle(new Vector3d(0, 0, 1)));
    }

    private static KnownPair pair(SceneFile file, View a, View b) {
        Rigid3 bFromA = b.camFromWorld().compose(a.camFromWorld().inverse());
        return new KnownPair(
                a.name() + " " + b.name(),
                file.photoFolder().resolve(a.name()),
                file.photoFolder().resolve(b.name()),
                new TruePose(file.scene().cameraOf(a), file.scene().cameraOf(b), bFromA));
    }

    private static List<KnownPair> wxbs(Path folder) throws IOException {
        List<Path> folders;
        try (Stream<Path> list = Files.list(folder)) {
            folders = list.filter(Files::isDirectory).sorted().toList();
        }
        List<KnownPair> pairs = new ArrayList<>();
        for (Path pair : folders) {
            Path plane = pair.resolve("H.txt");
            Truth truth =
                    Files.exists(plane) ? new TruePlane(numbers(plane)) : points(numbers(pair.resolve("corrs.txt")));
            String name = String.valueOf(pair.getFileName());
            pairs.add(new KnownPair(name, pair.resolve("01.jpg"), pair.resolve("02.jpg"), truth));
        }
        return pairs;
    }

    private static TruePoints points(double[] rows) {
        int n = rows.length / 4;
        double[] a = new double[2 * n];
        double[] b = new double[2 * n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(rows, 4 * i, a, 2 * i, 2);
            System.arraycopy(rows, 4 * i + 2, b, 2 * i, 2);
        }
        return new TruePoints(a, b);
    }

    private static double[] numbers(Path file) throws IOException {
        try {
            return Stream.of(Files.readString(file).trim().split("[\\s,]+"))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        } catch (NumberFormatException e) {
            throw new IOException(file + ": holds something else than numbers; fetch it again", e);
        }
    }
}
