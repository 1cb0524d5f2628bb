package io.github.dinosplat.scene.io;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.joml.Quaterniond;
import org.joml.Quaterniondc;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/** COLMAP's binary model files: little-endian, no padding. */
final class ColmapBinary {

    private static final int CAMERA_BYTES = 4 + 4 + 8 + 8;
    private static final int PHOTO_BYTES = 4 + 7 * 8 + 4 + 1 + 8;
    private static final int KEYPOINT_BYTES = 3 * 8;
    private static final int POINT_BYTES = 8 + 3 * 8 + 3 + 8 + 8;
    private static final int OBSERVATION_BYTES = 2 * 4;

    private ColmapBinary() {}

    static Scene read(Path folder) throws IOException {
        ColmapRecords records = new ColmapRecords();
        readFile(folder.resolve("cameras.bin"), in -> readCameras(in, records));
        readFile(folder.resolve("images.bin"), in -> readPhotos(in, records));
        readFile(folder.resolve("points3D.bin"), in -> readPoints(in, records));
        return records.toScene(folder);
    }

    @FunctionalInterface
    private interface Section {
        void read(BinaryInput in) throws IOException;
    }

    private static void readFile(Path path, Section section) throws IOException {
        try (BinaryInput in = new BinaryInput(path)) {
            section.read(in);
            in.requireEnd();
        } catch (IllegalArgumentException e) {
            throw new IOException(path + ": is not a sound COLMAP file (" + e.getMessage() + "): export it again", e);
        }
    }

    private static void readCameras(BinaryInput in, ColmapRecords records) throws IOException {
        int count = in.readCount("cameras", CAMERA_BYTES);
        for (int i = 0; i < count; i++) {
            long id = in.readUnsignedInt();
            CameraModel model = CameraModel.fromColmapId(in.readInt());
            long width = in.readLong();
            long height = in.readLong();
            if (width <= 0 || height <= 0 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("camera " + id + " is " + width + "x" + height + " pixels");
            }
            double[] parameters = new double[model.parameterCount()];
            for (int k = 0; k < parameters.length; k++) {
                parameters[k] = in.readDouble();
            }
            records.addCamera(id, new Camera(model, (int) width, (int) height, parameters));
        }
    }

    private static void readPhotos(BinaryInput in, ColmapRecords records) throws IOException {
        int count = in.readCount("photos", PHOTO_BYTES);
        for (int i = 0; i < count; i++) {
            long id = in.readUnsignedInt();
            double w = in.readDouble();
            Quaterniond rotation = new Quaterniond(in.readDouble(), in.readDouble(), in.readDouble(), w);
            Vector3d translation = new Vector3d(in.readDouble(), in.readDouble(), in.readDouble());
            long cameraId = in.readUnsignedInt();
            String name = in.readName();
            int keypointCount = in.readCount("keypoints of " + name, KEYPOINT_BYTES);
            double[] keypoints = new double[2 * keypointCount];
            long[] pointIds = new long[keypointCount];
            for (int k = 0; k < keypointCount; k++) {
                keypoints[2 * k] = in.readDouble();
                keypoints[2 * k + 1] = in.readDouble();
                pointIds[k] = in.readLong();
            }
            records.addPhoto(id, name, new Rigid3(rotation, translation), cameraId, keypoints, pointIds);
        }
    }

    private static void readPoints(BinaryInput in, ColmapRecords records) throws IOException {
        int count = in.readCount("points", POINT_BYTES);
        for (int i = 0; i < count; i++) {
            long id = in.readLong();
            double x = in.readDouble();
            double y = in.readDouble();
            double z = in.readDouble();
            records.addPoint(id, x, y, z, in.readByte(), in.readByte(), in.readByte(), in.readDouble());
            // The tracks repeat what the photos' keypoints say.
            in.skip((long) OBSERVATION_BYTES * in.readCount("observations of point " + id, OBSERVATION_BYTES));
        }
    }

    static void write(Scene scene, Path folder) throws IOException {
        AtomicFiles.write(folder.resolve("cameras.bin"), out -> writeCameras(scene, out));
        AtomicFiles.write(folder.resolve("images.bin"), out -> writePhotos(scene, out));
        AtomicFiles.write(folder.resolve("points3D.bin"), out -> writePoints(scene, out));
    }

    private static void writeCameras(Scene scene, OutputStream out) throws IOException {
        out.write(buffer(8).putLong(scene.cameras().size()).array());
        int id = 0;
        for (Camera camera : scene.cameras()) {
            double[] parameters = camera.parameters();
            ByteBuffer b = buffer(CAMERA_BYTES + 8 * parameters.length)
                    .putInt(++id)
                    .putInt(camera.model().colmapId())
                    .putLong(camera.width())
                    .putLong(camera.height());
            for (double parameter : parameters) {
                b.putDouble(parameter);
            }
            out.write(b.array());
        }
    }

    private static void writePhotos(Scene scene, OutputStream out) throws IOException {
        out.write(buffer(8).putLong(scene.views().size()).array());
        int id = 0;
        for (View view : scene.views()) {
            byte[] name = view.name().getBytes(StandardCharsets.UTF_8);
            int n = view.keypointCount();
            Quaterniondc q = view.camFromWorld().rotation();
            Vector3dc t = view.camFromWorld().translation();
            ByteBuffer b = buffer(PHOTO_BYTES + name.length)
                    .putInt(++id)
                    .putDouble(q.w())
                    .putDouble(q.x())
                    .putDouble(q.y())
                    .putDouble(q.z())
                    .putDouble(t.x())
                    .putDouble(t.y())
                    .putDouble(t.z())
                    .putInt(view.cameraIndex() + 1)
                    .put(name)
                    .put((byte) 0)
                    .putLong(n);
            out.write(b.array());
            for (int k = 0; k < n; k++) {
                int point = view.pointIndex(k);
                out.write(buffer(KEYPOINT_BYTES)
                        .putDouble(view.x(k))
                        .putDouble(view.y(k))
                        .putLong(point < 0 ? -1 : point + 1)
                        .array());
            }
        }
    }

    private static void writePoints(Scene scene, OutputStream out) throws IOException {
        ScenePoints points = scene.points();
        out.write(buffer(8).putLong(points.count()).array());
        for (int p = 0; p < points.count(); p++) {
            int length = scene.trackLength(p);
            ByteBuffer b = buffer(POINT_BYTES + OBSERVATION_BYTES * length)
                    .putLong(p + 1)
                    .putDouble(points.coordinate(p, 0))
                    .putDouble(points.coordinate(p, 1))
                    .putDouble(points.coordinate(p, 2))
                    .put((byte) points.colour(p, 0))
                    .put((byte) points.colour(p, 1))
                    .put((byte) points.colour(p, 2))
                    .putDouble(points.error(p))
                    .putLong(length);
            for (int i = 0; i < length; i++) {
                b.putInt(scene.trackView(p, i) + 1).putInt(scene.trackKeypoint(p, i));
            }
            out.write(b.array());
        }
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
