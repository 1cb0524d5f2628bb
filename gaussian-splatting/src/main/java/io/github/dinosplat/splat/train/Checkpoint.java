package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.io.AtomicFiles;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PhotoParameters;
import io.github.dinosplat.splat.TrainingState;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * Everything that a run needs to go on as if it had never stopped.
 *
 * @param fingerprint hash of what the run was given, see {@link Fingerprint}
 * @param state the state after some iteration, in the normalised frame
 * @param ledger the curve so far and the time used
 * @param masks what {@link TransientMasks#packed} gives; empty without masks
 */
record Checkpoint(byte[] fingerprint, TrainingState state, Ledger ledger, int[] masks) {

    private static final long MAGIC = 0x44494e4f53504c54L;
    private static final int VERSION = 4;
    private static final int CHUNK_FLOATS = 1 << 14;
    private static final int MOST_CURVE_POINTS = 1 << 20;
    private static final int FIXED_BYTES =
            8 + 4 + 32 + 8 + 4 + 4 + 4 + 4 + 4 + 36 + 4 + 8 + 4 * PhotoParameters.BACKGROUND_VALUES;
    /** Parameters with both moments, and the two statistics. */
    private static final long BYTES_PER_GAUSSIAN = 4 * (3 * (11 + 3L * Gaussians.SH_COEFFICIENTS) + 2);

    private static final long BYTES_PER_PHOTO = 4 * (3L * PhotoParameters.STRIDE + 1);

    void write(Path file) throws IOException {
        AtomicFiles.write(file, stream -> {
            CheckedOutputStream checked = new CheckedOutputStream(stream, new CRC32());
            DataOutputStream out = new DataOutputStream(checked);
            out.writeLong(MAGIC);
            out.writeInt(VERSION);
            out.write(fingerprint);
            out.writeLong(state.iteration());
            out.writeInt(state.gaussians().count());
            out.writeInt(state.gaussians().shDegree());
            out.writeInt(state.photos().count());
            out.writeInt(state.gaussians().featureChannels());
            out.writeInt(masks.length);
            ledger.write(out);
            for (Gaussians g : parts(state)) {
                for (float[] array : arrays(g)) {
                    writeFloats(out, array);
                }
            }
            writeFloats(out, state.gradientNormSums());
            writeInts(out, state.visibleSteps());
            PhotoParameters photos = state.photos();
            for (float[] array : new float[][] {
                photos.values(), photos.firstMoments(), photos.secondMoments(), photos.backgroundValues()
            }) {
                writeFloats(out, array);
            }
            writeInts(out, photos.steps());
            writeInts(out, masks);
            out.writeLong(checked.getChecksum().getValue());
        });
    }

    /**
     * Reads a checkpoint.
     *
     * @throws IOException if the file can't be read, is damaged, or belongs to a run with other input or options
     */
    static Checkpoint read(Path file, byte[] expectedFingerprint) throws IOException {
        try (InputStream stream = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            CheckedInputStream checked = new CheckedInputStream(stream, new CRC32());
            DataInputStream in = new DataInputStream(checked);
            if (in.readLong() != MAGIC || in.readInt() != VERSION) {
                throw new IOException(file + ": not a checkpoint of this version; delete it to start anew");
            }
            byte[] fingerprint = in.readNBytes(expectedFingerprint.length);
            if (!Arrays.equals(fingerprint, expectedFingerprint)) {
                throw new IOException(file + ": belongs to a run with other photos, cameras or options"
                        + "; delete it to start anew or give the same ones");
            }
            long iteration = in.readLong();
            int count = in.readInt();
            int shDegree = in.readInt();
            int photoCount = in.readInt();
            int channels = in.readInt();
            int maskCount = in.readInt();
            Ledger ledger = Ledger.read(in, MOST_CURVE_POINTS);
            long expected = FIXED_BYTES
                    + ledger.variableBytes()
                    + count * (BYTES_PER_GAUSSIAN + 12L * channels)
                    + photoCount * BYTES_PER_PHOTO
                    + 4L * maskCount;
            boolean negative = count < 0 || photoCount < 0 || channels < 0 || maskCount < 0;
            if (negative || channels > Gaussians.MAX_FEATURE_CHANNELS || expected != Files.size(file)) {
                throw damaged(file);
            }
            List<Gaussians> parts = new ArrayList<>();
            for (int part = 0; part < 3; part++) {
                Gaussians g = Gaussians.zeros(count, part == 0 ? shDegree : Gaussians.MAX_SH_DEGREE)
                        .withFeatures(channels, new float[count * channels]);
                for (float[] array : arrays(g)) {
                    readFloats(in, array);
                }
                parts.add(g);
            }
            float[] sums = new float[count];
            readFloats(in, sums);
            int[] steps = readInts(in, count);
            PhotoParameters photos = readPhotos(in, photoCount);
            int[] masks = readInts(in, maskCount);
            long checksum = checked.getChecksum().getValue();
            if (in.readLong() != checksum) {
                throw damaged(file);
            }
            TrainingState state =
                    new TrainingState(parts.get(0), parts.get(1), parts.get(2), iteration, sums, steps, photos);
            return new Checkpoint(fingerprint, state, ledger, masks);
        } catch (EOFException | IllegalArgumentException e) {
            throw damaged(file);
        }
    }

    private static PhotoParameters readPhotos(DataInputStream in, int count) throws IOException {
        float[][] arrays = new float[3][PhotoParameters.STRIDE * count];
        for (float[] array : arrays) {
            readFloats(in, array);
        }
        float[] background = new float[PhotoParameters.BACKGROUND_VALUES];
        readFloats(in, background);
        return new PhotoParameters(arrays[0], arrays[1], arrays[2], readInts(in, count), background);
    }

    private static int[] readInts(DataInputStream in, int count) throws IOException {
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.readInt();
        }
        return values;
    }

    private static void writeInts(DataOutputStream out, int[] values) throws IOException {
        for (int value : values) {
            out.writeInt(value);
        }
    }

    private static IOException damaged(Path file) {
        return new IOException(file + ": the checkpoint is damaged; delete it to start anew");
    }

    private static Gaussians[] parts(TrainingState state) {
        return new Gaussians[] {state.gaussians(), state.firstMoments(), state.secondMoments()};
    }

    private static float[][] arrays(Gaussians g) {
        return new float[][] {g.means(), g.logScales(), g.quaternions(), g.logitOpacities(), g.sh(), g.features()};
    }

    private static void writeFloats(DataOutputStream out, float[] values) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4 * CHUNK_FLOATS);
        for (int i = 0; i < values.length; i += CHUNK_FLOATS) {
            int n = Math.min(CHUNK_FLOATS, values.length - i);
            buffer.asFloatBuffer().put(values, i, n);
            out.write(buffer.array(), 0, 4 * n);
        }
    }

    private static void readFloats(DataInputStream in, float[] values) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4 * CHUNK_FLOATS);
        for (int i = 0; i < values.length; i += CHUNK_FLOATS) {
            int n = Math.min(CHUNK_FLOATS, values.length - i);
            in.readFully(buffer.array(), 0, 4 * n);
            buffer.asFloatBuffer().get(values, i, n);
        }
    }
}
