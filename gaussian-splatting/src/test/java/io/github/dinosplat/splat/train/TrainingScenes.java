package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.Rendering;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.jvm.JvmEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.joml.Quaterniond;
import org.joml.Vector3d;

/** A small world of Gaussians that are known, photographed from an arc: the photos can be learnt exactly. */
record TrainingScenes(Scene scene, Map<String, Image> photos) implements PhotoSource {

    static final int WIDTH = 96;
    static final int HEIGHT = 72;

    @Override
    public Image read(String name) throws IOException {
        Image image = photos.get(name);
        if (image == null) {
            throw new IOException(name + ": no such photo");
        }
        return image;
    }

    /** Some views of a wall of coloured Gaussians, with points on half of them, moved and scaled as asked. */
    static TrainingScenes wall(int views, double scale, Vector3d offset) {
        return wall(views, scale, offset, 400, Colour.BLACK);
    }

    /** The same of so many Gaussians before a background. */
    static TrainingScenes wall(int views, double scale, Vector3d offset, int n, Colour background) {
        return wall(views, scale, offset, n, background, false);
    }

    /** A few of the Gaussians before nothing: the photos are transparent around them. */
    static TrainingScenes cutOut(int views) {
        return wall(views, 1, new Vector3d(), 40, Colour.BLACK, true);
    }

    private static TrainingScenes wall(
            int views, double scale, Vector3d offset, int n, Colour background, boolean cutOut) {
        Random random = new Random(11);
        Gaussians g = Gaussians.zeros(n, 0);
        double[] points = new double[3 * n / 2];
        byte[] colours = new byte[3 * n / 2];
        for (int i = 0; i < n; i++) {
            double[] p = {random.nextDouble() * 6 - 3, random.nextDouble() * 4.5 - 2.25, 5 + random.nextDouble()};
            for (int k = 0; k < 3; k++) {
                g.means()[3 * i + k] = (float) p[k];
                g.logScales()[3 * i + k] = (float) Math.log(0.1 + 0.15 * random.nextDouble());
                double colour = random.nextDouble();
                g.sh()[48 * i + k] = (float) ((colour - 0.5) / InitialGaussians.SH_BASE);
                if (i % 2 == 0) {
                    points[3 * (i / 2) + k] = p[k] * scale + offset.get(k);
                    colours[3 * (i / 2) + k] = (byte) Math.round(255 * colour);
                }
            }
            g.quaternions()[4 * i] = 1;
            g.logitOpacities()[i] = 2;
        }
        Camera camera = new Camera(CameraModel.PINHOLE, WIDTH, HEIGHT, 80, 80, WIDTH / 2.0, HEIGHT / 2.0);
        List<View> list = new ArrayList<>();
        Map<String, Image> photos = new HashMap<>();
        try (JvmEngine engine = new JvmEngine(1)) {
            engine.load(TrainingState.start(g));
            for (int v = 0; v < views; v++) {
                double x = 2.0 * v / (views - 1) - 1;
                Quaterniond turn = new Quaterniond().rotateY(0.15 * x);
                Vector3d centre = new Vector3d(x, 0.2 * (v % 2), 0);
                Rigid3 pose =
                        new Rigid3(turn, turn.transform(new Vector3d(centre)).negate());
                String name = String.format("photo%02d.png", v);
                Rendering rendering = engine.render(
                        PinholeView.of(camera, pose), RenderOptions.defaults().withBackground(background));
                photos.put(name, cutOut ? cutOut(rendering) : rendering.image());
                Vector3d moved = new Vector3d(centre).mul(scale).add(offset);
                Rigid3 movedPose = new Rigid3(turn, turn.transform(moved).negate());
                list.add(new View(name, 0, movedPose, new double[0], new int[0]));
            }
        }
        ScenePoints scenePoints = new ScenePoints(points, colours, new double[n / 2]);
        return new TrainingScenes(new Scene(List.of(camera), list, scenePoints), photos);
    }

    /** The picture on black with its opacity, and colours as they are stored: not multiplied by it. */
    private static Image cutOut(Rendering rendering) {
        byte[] rgb = rendering.image().rgb().clone();
        byte[] alpha = new byte[rgb.length / 3];
        for (int i = 0; i < rgb.length; i++) {
            float a = rendering.alpha()[i / 3];
            alpha[i / 3] = (byte) Math.round(255 * a);
            rgb[i] = (byte) (alpha[i / 3] == 0 ? 0 : Math.min(255, Math.round((rgb[i] & 0xff) / a)));
        }
        return new Image(rendering.image().width(), rendering.image().height(), rgb).withAlpha(alpha);
    }
}
