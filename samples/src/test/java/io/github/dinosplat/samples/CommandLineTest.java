package io.github.dinosplat.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {

    @TempDir
    Path temp;

    private final StringWriter err = new StringWriter();
    private final StringWriter out = new StringWriter();

    private int run(Object... arguments) {
        CommandLine line = Dinosplat.commandLine().setErr(new PrintWriter(err)).setOut(new PrintWriter(out));
        List<String> texts = new ArrayList<>();
        for (Object argument : arguments) {
            texts.add(argument.toString());
        }
        return line.execute(texts.toArray(String[]::new));
    }

    private void assertOneLine(String... parts) {
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).startsWith("dinosplat: ").contains(parts);
    }

    private Path photos(int count) throws IOException {
        Path folder = Files.createDirectories(temp.resolve("photos"));
        for (int i = 0; i < count; i++) {
            byte[] rgb = new byte[3 * 64 * 48];
            for (int k = 0; k < rgb.length; k++) {
                rgb[k] = (byte) (k * (i + 3) * 2654435761L >> 13);
            }
            ImageFiles.writePng(new Image(64, 48, rgb), folder.resolve("p" + i + ".png"));
        }
        return folder;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "viewer",
                "aerial",
                "reconstruct",
                "reconstruct PHOTOS",
                "reconstruct PHOTOS -o OUT --engine cuda",
                "reconstruct PHOTOS -o OUT --engine jvm --device 0",
                "reconstruct PHOTOS -o OUT --colour-bits 8",
                "reconstruct PHOTOS -o OUT --iterations many",
                "reconstruct PHOTOS -o OUT --iterations 0",
                "reconstruct PHOTOS -o OUT --holdout 1",
                "reconstruct PHOTOS -o OUT --holdout -3",
                "sfm PHOTOS MORE -o OUT",
                "help nonsense",
                "reconstruct PHOTOS -o OUT --threads 0",
                "reconstruct PHOTOS -o OUT --camera-model ROUND",
                "reconstruct PHOTOS -o OUT --intrinsics 1,2",
                "reconstruct PHOTOS -o OUT --refine-intrinsics",
                "sfm PHOTOS -o OUT --iterations 3",
                "sfm PHOTOS -o OUT --model NET.onnx",
                "sfm PHOTOS -o OUT --poses SCENE --camera-model PINHOLE",
                "sfm PHOTOS -o OUT --poses SCENE --camera-sharing photo",
                "sfm PHOTOS -o OUT --images DIR",
                "sfm PHOTOS -o OUT --threads 1000000",
                "match A B -o OUT --intrinsics 1e400,500,320,240",
                "match A B -o OUT --no-guidance --model NET.onnx",
                "train SCENE",
                "depth SCENE",
                "depth SCENE -o OUT --threads 0",
                "depth SCENE -o OUT --iterations 3",
                "render S.ply -o OUT",
                "render S.ply --cameras SCENE",
                "render S.ply --cameras SCENE -o OUT --max-size 0",
                "evaluate S.ply",
                "evaluate S.ply --cameras SCENE --engine cuda",
                "evaluate S.ply --cameras SCENE --engine jvm --device 0",
                "evaluate --cameras SCENE",
                "features PHOTOS",
                "features PHOTOS -o OUT --layer deep",
                "features PHOTOS -o OUT --subdivision 3",
                "features PHOTOS -o OUT --provider abacus",
                "models a b",
                "export S.ply",
                "export S.ply -o OUT",
                "export S.ply -o OUT.obj",
                "export S.ply -o OUT.spz --cameras SCENE"
            })
    void wrongUsageIsExitStatusTwoAndOneLine(String line) {
        assertThat(run((Object[]) (line.isEmpty() ? new String[0] : line.split(" "))))
                .isEqualTo(2);
        assertOneLine("--help");
        assertThat(Path.of("OUT")).doesNotExist();
    }

    @Test
    void wrongUsageSaysWhatIsWrong() {
        run("reconstrut", "PHOTOS", "-o", "OUT");
        assertOneLine("'reconstrut' is no command, did you mean reconstruct;");
        err.getBuffer().setLength(0);
        run("sfm", "PHOTOS", "MORE", "-o", "OUT");
        assertOneLine("'MORE' is one argument too many;");
        err.getBuffer().setLength(0);
        run("sfm", "PHOTOS", "-o", "OUT", "--into", "A", "--poses", "B");
        assertOneLine("dinosplat: --into=SCENE, --poses=SCENE are mutually exclusive");
    }

    @Test
    void wrongUsageCallsOptionsAsTheyAreTyped() {
        assertThat(run("reconstruct", "PHOTOS", "-o", "OUT", "--max-gaussians", "0"))
                .isEqualTo(2);
        assertOneLine("--max-gaussians must be at least 1 but was 0");
        err.getBuffer().setLength(0);
        assertThat(run("features", "PHOTOS", "-o", "OUT", "--max-size", "0")).isEqualTo(2);
        assertOneLine("--max-size must be 32 to 16384 but was 0");
    }

    @Test
    void anEmptyPathIsNotTheCurrentFolder() {
        assertThat(run("reconstruct", "", "-o", "OUT")).isEqualTo(2);
        assertOneLine("(PHOTOS)", "must not be empty");
        err.getBuffer().setLength(0);
        assertThat(run("reconstruct", "PHOTOS", "-o", "")).isEqualTo(2);
        assertOneLine("'-o'", "must not be empty");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "features PHOTOS -o OUT",
                "sfm PHOTOS -o OUT",
                "match PHOTOS/p0.png PHOTOS/p1.png -o OUT --no-guidance",
                "render SPLATS --cameras SCENE -o OUT",
                "convert SCENE --to colmap -o OUT",
                "export SPLATS -o OUT/a.spz",
                "demo -o OUT"
            })
    void aPlaceThatCannotBeWrittenIsNamedWithTheRemedy(String line) throws IOException {
        Path splats = temp.resolve("one.splat");
        Files.write(splats, new byte[32]);
        Path scene = temp.resolve("scene");
        writeScene(scene, 64, 48);
        Path out = Files.writeString(temp.resolve("file"), "no folder").resolve("out");
        String given = line.replace("PHOTOS", photos(2).toString())
                .replace("SPLATS", splats.toString())
                .replace("SCENE", scene.toString())
                .replace("OUT", out.toString());
        assertThat(run((Object[]) given.split(" "))).as(err.toString()).isEqualTo(1);
        assertThat(err.toString().lines().filter(l -> l.startsWith("dinosplat: ")))
                .singleElement()
                .asString()
                .contains(out.toString(), "choose another");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"sfm PHOTOS -o OUT", "reconstruct PHOTOS -o OUT", "match PHOTOS/p0.png PHOTOS/p1.png -o OUT"})
    void aKeypointNetworkThatIsNoneEndsTheRunInOneLine(String line) throws IOException {
        Path folder = photos(2);
        Path out = temp.resolve("out");
        List<Object> arguments = new ArrayList<>();
        for (String word : line.split(" ")) {
            arguments.add(word.equals("OUT") ? out : word.replace("PHOTOS", folder.toString()));
        }
        arguments.addAll(List.of("--keypoints", Files.writeString(temp.resolve("net.onnx"), "no network")));
        assertThat(run(arguments.toArray())).isEqualTo(1);
        assertOneLine("net.onnx");
        assertThat(out).doesNotExist();
    }

    @Test
    void helpNamesTheCommandsThatThereAre() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains(
                        "reconstruct",
                        "demo",
                        "sfm",
                        "match",
                        "depth",
                        "train",
                        "render",
                        "evaluate",
                        "export",
                        "features",
                        "models")
                .doesNotContain("aerial");
        for (String command : List.of("reconstruct", "demo", "sfm", "match", "train", "render", "evaluate", "export")) {
            assertThat(run(command, "--help")).isZero();
        }
        assertThat(out.toString())
                .contains("--holdout", "--resume")
                .contains("Usage: dinosplat reconstruct PHOTOS -o OUT [OPTIONS]\n")
                .contains("Usage: dinosplat sfm PHOTOS -o OUT [OPTIONS]\n")
                .contains("Usage: dinosplat match PHOTO_A PHOTO_B -o OUT [OPTIONS]\n")
                .contains("Usage: dinosplat evaluate SPLATS --cameras SCENE [OPTIONS]\n");
    }

    @Test
    void twoPhotosAreMatchedIntoThreeFiles() throws IOException {
        Path first = blocks("a.png", 0);
        Path second = blocks("b.png", 25);
        Path result = temp.resolve("matched");
        assertThat(run("match", first, second, "-o", result)).isZero();
        List<String> lines = Files.readAllLines(result.resolve("matches.csv"));
        assertThat(lines.get(0)).isEqualTo("x1,y1,x2,y2,score");
        assertThat(lines).hasSizeGreaterThan(60);
        for (String line : lines.subList(1, lines.size())) {
            String[] values = line.split(",");
            assertThat(Double.parseDouble(values[0]) - Double.parseDouble(values[2]))
                    .isBetween(20.0, 30.0);
        }
        assertThat(Files.readString(result.resolve("pose.json"))).contains("\"F\" : [");
        assertThat(result.resolve("matches.png")).isRegularFile();
        // Again into the same folder, and a text as a photo.
        assertThat(run("match", first, second, "-o", result)).isEqualTo(1);
        assertOneLine("matched");
        Path text = Files.writeString(temp.resolve("text.jpg"), "Dear reader");
        assertThat(run("match", first, text, "-o", temp.resolve("none"))).isEqualTo(1);
        assertThat(temp.resolve("none")).doesNotExist();
        assertThat(run("match", first, "-o", temp.resolve("none"))).isEqualTo(2);
    }

    @Test
    void photosThatHaveNothingInCommonHaveNoMatches() throws IOException {
        Path folder = photos(2);
        Path result = temp.resolve("strangers");
        assertThat(run("match", folder.resolve("p0.png"), folder.resolve("p1.png"), "-o", result))
                .isZero();
        assertThat(Files.readAllLines(result.resolve("matches.csv"))).containsExactly("x1,y1,x2,y2,score");
        assertThat(Files.readString(result.resolve("pose.json"))).contains("\"F\" : null");
    }

    /** A part of a wall of grey blocks, some pixels from its left end. */
    private Path blocks(String name, int left) throws IOException {
        int width = 320;
        int height = 240;
        byte[] rgb = new byte[3 * width * height];
        for (int k = 0; k < width * height; k++) {
            long block = (k % width + left) / 7 * 1_000_003L + k / width / 7 * 7_919L;
            long hash = block * 0x9e3779b97f4a7c15L;
            hash = (hash ^ hash >>> 29) * 0xbf58476d1ce4e5b9L;
            for (int c = 0; c < 3; c++) {
                rgb[3 * k + c] = (byte) (hash >>> 56);
            }
        }
        Path file = temp.resolve(name);
        ImageFiles.writePng(new Image(width, height, rgb), file);
        return file;
    }

    @Test
    void featuresAreWrittenAsArraysAndPictures() throws IOException {
        Path to = temp.resolve("out");
        assertThat(run("features", photos(2), "-o", to, "--quiet"))
                .as(err.toString())
                .isZero();
        assertThat(to.resolve("features/p0.npy")).isNotEmptyFile();
        Image picture = ImageFiles.read(to.resolve("features/p1.png"));
        assertThat(picture.width()).as("4 patches").isEqualTo(640);
        assertThat(to.resolve("features.json"))
                .content()
                .contains("\"model\" : \"dinosplat-small\"", "\"patch_size\" : 16", "\"layer\" : \"final\"");
        assertThat(run("features", photos(2), "-o", to)).isEqualTo(1);
        assertOneLine("choose another folder");
    }

    @Test
    void aPhotoThatIsDamagedInsideIsSkippedByName() throws IOException {
        Path folder = photos(2);
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageFiles.writeJpeg(ImageFiles.read(folder.resolve("p0.png")), jpeg);
        byte[] cut = Arrays.copyOf(jpeg.toByteArray(), jpeg.size() * 2 / 3);
        cut[cut.length - 2] = (byte) 0xff;
        cut[cut.length - 1] = (byte) 0xd9;
        Files.write(folder.resolve("cut.jpg"), cut);
        Path to = temp.resolve("out");
        assertThat(run("features", folder, "-o", to, "--quiet"))
                .as(err.toString())
                .isZero();
        assertThat(to.resolve("features.json")).content().contains("\"cut.jpg\"", "copy it again");
        assertThat(to.resolve("features/p1.png")).isNotEmptyFile();
        assertThat(to.resolve("features/cut.png")).doesNotExist();
    }

    @Test
    void aHeldOutPhotoThatIsNotThereIsNoticedAtOnce() throws IOException {
        Path to = temp.resolve("out");
        assertThat(run("reconstruct", photos(2), "-o", to, "--holdout", "p7.png", "--quiet"))
                .isEqualTo(1);
        assertOneLine("p7.png", "p0.png to p1.png");
        err.getBuffer().setLength(0);
        Path scene = temp.resolve("scene");
        writeScene(scene, 64, 48);
        assertThat(run("train", scene, "--images", photos(2), "-o", to, "--holdout", "p7.png", "--quiet"))
                .isEqualTo(1);
        assertOneLine("p7.png", "p0.png to p1.png");
        assertThat(to).doesNotExist();
    }

    @Test
    void modelsListsWhatIsKnownAndLooksAtFiles() throws IOException {
        assertThat(run("models")).isZero();
        assertThat(out.toString())
                .contains("dinov3-vits16 ", "Apache-2.0", "DINOv3 License", "bb75e9e30ff3", "depth-anything-v2-small");
        Path file = Files.writeString(temp.resolve("net.onnx"), "no network");
        assertThat(run("models", file)).isEqualTo(1);
        assertOneLine("net.onnx is not an ONNX model");
        err.getBuffer().setLength(0);
        assertThat(run("features", photos(2), "-o", temp.resolve("out"), "--model", "no-such-model"))
                .isEqualTo(1);
        assertOneLine("no model no-such-model in");
    }

    @Test
    void aFolderWithoutPhotosFailsWithoutTraces() throws IOException {
        Path empty = Files.createDirectories(temp.resolve("empty"));
        assertThat(run("reconstruct", empty, "-o", temp.resolve("out"), "--quiet"))
                .isEqualTo(1);
        assertOneLine(empty.toString());
        assertThat(temp.resolve("out")).doesNotExist();
        err.getBuffer().setLength(0);
        assertThat(run("reconstruct", temp.resolve("nowhere"), "-o", temp.resolve("out")))
                .isEqualTo(1);
        assertOneLine("nowhere: there is no such folder");
    }

    @Test
    void filesThatAreNoPhotosFailByName() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("texts"));
        Files.writeString(folder.resolve("letter.jpg"), "Dear reader");
        assertThat(run("sfm", folder, "-o", temp.resolve("out"))).isEqualTo(1);
        assertOneLine("letter.jpg");
    }

    @Test
    void onePhotoAndPhotosThatDoNotOverlapFailWithoutResults() throws IOException {
        assertThat(run("reconstruct", photos(1), "-o", temp.resolve("one"), "--quiet"))
                .isEqualTo(1);
        assertOneLine("photos");
        assertThat(temp.resolve("one/sparse")).doesNotExist();
        err.getBuffer().setLength(0);
        // The same folder: what failed there before has left nothing that is worth keeping.
        assertThat(run("reconstruct", photos(4), "-o", temp.resolve("one"), "--quiet"))
                .isEqualTo(1);
        assertOneLine("overlap");
        assertThat(temp.resolve("one/sparse")).doesNotExist();
        assertThat(temp.resolve("one/metrics.json")).doesNotExist();
    }

    @Test
    void aModelThatIsNoNetworkFailsByName() throws IOException {
        Path model = Files.writeString(temp.resolve("net.onnx"), "not a network");
        assertThat(run("reconstruct", photos(2), "-o", temp.resolve("out"), "--model", model, "--quiet"))
                .isEqualTo(1);
        assertOneLine("net.onnx");
        assertThat(run("reconstruct", photos(2), "-o", temp.resolve("out"), "--model", temp.resolve("gone.onnx")))
                .isEqualTo(1);
        assertThat(err.toString()).contains("gone.onnx: there is no such model file");
    }

    @Test
    void anEngineThatCannotStartFailsBeforeAnyWork() throws IOException {
        Path out = temp.resolve("out");
        assertThat(run("reconstruct", photos(2), "-o", out, "--engine", "vulkan", "--device", "no such card"))
                .isEqualTo(1);
        assertOneLine("Vulkan engine cannot start");
        assertThat(out).doesNotExist();
    }

    @Test
    void aSceneWithoutItsPhotosFailsByName() throws IOException {
        Path scene = Files.createDirectories(temp.resolve("scene"));
        assertThat(run("train", scene, "-o", temp.resolve("out"))).isEqualTo(1);
        assertOneLine("COLMAP", "transforms.json");
    }

    @Test
    void depthOfScenesThatCannotHaveItFailsByName() throws IOException {
        Path to = temp.resolve("out");
        assertThat(run("depth", temp.resolve("nowhere"), "-o", to)).isEqualTo(1);
        assertOneLine("nowhere");
        Path scene = temp.resolve("scene");
        writeScene(scene, 64, 48);
        fails("images", scene, to);
        fails("p1.png", scene, to, "--images", photos(1));
        fails("no model gone", scene, to, "--images", photos(2), "--model", "gone");
        fails("usable sparse points", scene, to, "--images", photos(2), "--quiet");
        assertThat(to.resolve("metrics.json")).doesNotExist();
        assertThat(to.resolve("dense.ply")).doesNotExist();
        writeScene(scene, 640, 480);
        fails("p0.png has 64x48 pixels but its camera 640x480", scene, temp.resolve("other"), "--images", photos(2));
        assertThat(temp.resolve("other")).doesNotExist();
    }

    @Test
    void aCutOffPhotoOfAGivenSceneIsNamedAtOnce() throws IOException {
        Path scene = temp.resolve("scene");
        writeScene(scene, 64, 48);
        Path folder = photos(2);
        Path photo = folder.resolve("p1.png");
        Files.write(photo, Arrays.copyOf(Files.readAllBytes(photo), 900));
        for (String command : List.of("train", "depth")) {
            err.getBuffer().setLength(0);
            Path to = temp.resolve("out");
            assertThat(run(command, scene, "--images", folder, "-o", to)).isEqualTo(1);
            assertOneLine(photo + ": ", "copy it again", "1 of the scene's 2 photos");
            assertThat(to).doesNotExist();
        }
    }

    private void fails(String why, Path scene, Path to, Object... more) {
        err.getBuffer().setLength(0);
        List<Object> arguments = new ArrayList<>(List.of("depth", scene, "-o", to));
        arguments.addAll(List.of(more));
        assertThat(run(arguments.toArray())).isEqualTo(1);
        assertOneLine(why);
    }

    /** Two photos that see three points. */
    private static void writeScene(Path folder, int width, int height) throws IOException {
        Camera camera = new Camera(CameraModel.PINHOLE, width, height, width, width, width / 2.0, height / 2.0);
        double[] keypoints = {width * 0.5, height * 0.5, width * 0.6, height * 0.5, width * 0.5, height * 0.6};
        List<View> views = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Rigid3 pose = new Rigid3(new Quaterniond(), new Vector3d(i, 0, 0));
            views.add(new View("p" + i + ".png", 0, pose, keypoints, new int[] {0, 1, 2}));
        }
        double[] xyz = {0, 0, 5, 1, 0, 5, 0, 1, 5};
        ColmapModel.write(
                new Scene(List.of(camera), views, new ScenePoints(xyz, new byte[9], new double[3])),
                folder.resolve("sparse/0"));
    }

    @Test
    void damagedSplatsFailByNameWithoutResults() throws IOException {
        Path splats = temp.resolve("bad.ply");
        String head = "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\n";
        for (String text :
                List.of("no ply", head + "end_header\n1\n", head + "property float y\nend_header\n1 NaN\n")) {
            Files.writeString(splats, text);
            for (String ending : List.of("ply", "spz", "html")) {
                err.getBuffer().setLength(0);
                Path target = temp.resolve("out." + ending);
                assertThat(run("export", splats, "-o", target)).isEqualTo(1);
                assertOneLine("bad.ply");
                assertThat(target).doesNotExist();
            }
        }
        err.getBuffer().setLength(0);
        assertThat(run("render", splats, "--cameras", temp.resolve("nowhere"), "-o", temp.resolve("out")))
                .isEqualTo(1);
        assertOneLine("nowhere");
        Files.write(temp.resolve("one.splat"), new byte[32]);
        ColmapModel.write(new Scene(List.of(), List.of(), ScenePoints.NONE), temp.resolve("blank"));
        err.getBuffer().setLength(0);
        assertThat(run(
                        "render",
                        temp.resolve("one.splat"),
                        "--cameras",
                        temp.resolve("blank"),
                        "-o",
                        temp.resolve("out")))
                .isEqualTo(1);
        assertOneLine("blank: the scene has no photos");
        assertThat(run("render", splats, "--cameras", temp, "--path", 0, "-o", temp.resolve("out")))
                .isEqualTo(2);
        err.getBuffer().setLength(0);
        Files.createDirectories(temp.resolve("folder.ply"));
        assertThat(run("export", temp.resolve("one.splat"), "-o", temp.resolve("folder.ply")))
                .isEqualTo(1);
        assertOneLine("folder.ply: is a folder");
        err.getBuffer().setLength(0);
        assertThat(run("export", temp, "-o", temp.resolve("a.spz"))).isEqualTo(1);
        assertOneLine("is a folder");
        err.getBuffer().setLength(0);
        assertThat(run("export", temp.resolve("gone.ply"), "-o", temp.resolve("a.spz")))
                .isEqualTo(1);
        assertOneLine("gone.ply", "no such file");
    }
}
