package io.github.dinosplat.scene.synthetic;

import java.util.Arrays;

/** A triangle mesh with a normal, texture coordinates and received light at each vertex; grows while it is built. */
final class Mesh {

    double[] positions = new double[0];
    double[] normals = new double[0];
    double[] textureCoordinates = new double[0];
    /** Red, green and blue irradiance over pi. */
    double[] light = new double[0];

    int[] corners = new int[0];
    int[] textures = new int[0];
    int vertexCount;
    int triangleCount;

    int addVertex(double x, double y, double z, double u, double v, double w) {
        if (3 * vertexCount == positions.length) {
            int more = 3 * Math.max(1024, 2 * vertexCount);
            positions = Arrays.copyOf(positions, more);
            normals = Arrays.copyOf(normals, more);
            textureCoordinates = Arrays.copyOf(textureCoordinates, more);
            light = Arrays.copyOf(light, more);
        }
        int i = 3 * vertexCount;
        positions[i] = x;
        positions[i + 1] = y;
        positions[i + 2] = z;
        textureCoordinates[i] = u;
        textureCoordinates[i + 1] = v;
        textureCoordinates[i + 2] = w;
        return vertexCount++;
    }

    void addTriangle(int a, int b, int c, int texture) {
        if (triangleCount == textures.length) {
            int more = Math.max(1024, 2 * triangleCount);
            corners = Arrays.copyOf(corners, 3 * more);
            textures = Arrays.copyOf(textures, more);
        }
        corners[3 * triangleCount] = a;
        corners[3 * triangleCount + 1] = b;
        corners[3 * triangleCount + 2] = c;
        textures[triangleCount++] = texture;
    }

    /** A place on a patch: its position and texture coordinates for two parameters. */
    @FunctionalInterface
    interface Patch {

        /** Writes x, y, z, u, v, w for {@code s} and {@code t} from 0 to 1. */
        void at(double s, double t, double[] out);
    }

    /** A grid of quads over a patch. Its front is where {@code ds x dt} points. */
    void addPatch(int columns, int rows, int texture, Patch patch) {
        double[] p = new double[6];
        int first = vertexCount;
        for (int j = 0; j <= rows; j++) {
            for (int i = 0; i <= columns; i++) {
                patch.at((double) i / columns, (double) j / rows, p);
                addVertex(p[0], p[1], p[2], p[3], p[4], p[5]);
            }
        }
        for (int j = 0; j < rows; j++) {
            for (int i = 0; i < columns; i++) {
                int a = first + j * (columns + 1) + i;
                int b = a + columns + 1;
                addTriangle(a, a + 1, b + 1, texture);
                addTriangle(a, b + 1, b, texture);
            }
        }
    }

    /** A box standing on its centre's height less half its own, turned about the vertical. */
    void addBox(double[] centre, double[] size, double yaw, int cells, int texture) {
        double cos = StrictMath.cos(yaw);
        double sin = StrictMath.sin(yaw);
        for (int face = 0; face < 6; face++) {
            int axis = face / 2;
            int side = face % 2 == 0 ? -1 : 1;
            int a = (axis + 1) % 3;
            int b = (axis + 2) % 3;
            double id = 3.7 * face;
            addPatch(cells, cells, texture, (s, t, out) -> {
                double[] local = new double[3];
                local[axis] = side * size[axis] / 2;
                local[a] = (side > 0 ? s - 0.5 : 0.5 - s) * size[a];
                local[b] = (t - 0.5) * size[b];
                out[0] = centre[0] + cos * local[0] - sin * local[1];
                out[1] = centre[1] + sin * local[0] + cos * local[1];
                out[2] = centre[2] + local[2];
                out[3] = axis == 2 ? local[0] : local[axis == 0 ? 1 : 0];
                out[4] = axis == 2 ? local[1] : local[2];
                out[5] = id;
            });
        }
    }

    /** A ball with bumps; {@code bump} is the greatest change of its radius, as a share. */
    void addBall(double[] centre, double radius, double bump, int seed, int columns, int texture) {
        addPatch(columns, columns / 2, texture, (s, t, out) -> {
            double longitude = 2 * Math.PI * s;
            double latitude = Math.PI * (t - 0.5);
            double x = StrictMath.cos(latitude) * StrictMath.cos(longitude);
            double y = StrictMath.cos(latitude) * StrictMath.sin(longitude);
            double z = StrictMath.sin(latitude);
            double r = radius * (1 + bump * Noise.octaves(x, y, z, 1, 3, 0.5, 0.05, seed));
            out[0] = centre[0] + r * x;
            out[1] = centre[1] + r * y;
            out[2] = centre[2] + r * z;
            out[3] = r * x + 11;
            out[4] = r * y + 5;
            out[5] = r * z;
        });
    }

    /** Normals of the vertices as area-weighted means of their triangles'. */
    void computeNormals() {
        Arrays.fill(normals, 0);
        double[] n = new double[3];
        for (int t = 0; t < triangleCount; t++) {
            faceNormal(t, n);
            for (int k = 0; k < 3; k++) {
                int i = 3 * corners[3 * t + k];
                normals[i] += n[0];
                normals[i + 1] += n[1];
                normals[i + 2] += n[2];
            }
        }
        for (int i = 0; i < 3 * vertexCount; i += 3) {
            double length = Math.sqrt(
                    normals[i] * normals[i] + normals[i + 1] * normals[i + 1] + normals[i + 2] * normals[i + 2]);
            if (length > 0) {
                normals[i] /= length;
                normals[i + 1] /= length;
                normals[i + 2] /= length;
            }
        }
    }

    /** A triangle's normal, as long as twice its area. */
    void faceNormal(int triangle, double[] out) {
        int a = 3 * corners[3 * triangle];
        int b = 3 * corners[3 * triangle + 1];
        int c = 3 * corners[3 * triangle + 2];
        double ux = positions[b] - positions[a];
        double uy = positions[b + 1] - positions[a + 1];
        double uz = positions[b + 2] - positions[a + 2];
        double vx = positions[c] - positions[a];
        double vy = positions[c + 1] - positions[a + 1];
        double vz = positions[c + 2] - positions[a + 2];
        out[0] = uy * vz - uz * vy;
        out[1] = uz * vx - ux * vz;
        out[2] = ux * vy - uy * vx;
    }
}
