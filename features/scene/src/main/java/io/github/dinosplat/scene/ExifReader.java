package io.github.dinosplat.scene;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.lang.GeoLocation;
import com.drew.metadata.Directory;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifDirectoryBase;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifSubIFDDirectory;
import com.drew.metadata.exif.GpsDirectory;
import com.drew.metadata.xmp.XmpDirectory;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/** Reads EXIF and XMP of a photo. What is missing, malformed or out of all bounds is left empty. */
final class ExifReader {

    /** Diagonal of the 36x24 mm film that CIPA DCG-001 relates the 35 mm equivalent focal length to. */
    private static final double FILM_DIAGONAL_MM = Math.hypot(36, 24);

    private static final System.Logger LOG = System.getLogger(ExifReader.class.getName());

    private final Metadata metadata;
    private final Map<String, String> xmp = new HashMap<>();

    private ExifReader(Metadata metadata) {
        this.metadata = metadata;
        for (XmpDirectory directory : metadata.getDirectoriesOfType(XmpDirectory.class)) {
            directory.getXmpProperties().forEach(xmp::putIfAbsent);
        }
    }

    /**
     * Reads the metadata of a photo.
     *
     * @param path file
     * @param width width of the stored pixel grid in pixels
     * @param height height of the stored pixel grid in pixels
     * @return metadata; {@link PhotoMetadata#NONE} where there are none
     * @throws IOException if the file can't be read
     */
    static PhotoMetadata read(Path path, int width, int height) throws IOException {
        Metadata metadata;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            metadata = ImageMetadataReader.readMetadata(in, Files.size(path));
        } catch (ImageProcessingException | RuntimeException e) {
            // Damaged metadata say nothing, but the pixels may be good; the library's parsers may throw anything.
            LOG.log(System.Logger.Level.WARNING, () -> path + ": its EXIF can't be read and is ignored: " + e);
            return PhotoMetadata.NONE;
        }
        return new ExifReader(metadata).toPhotoMetadata(width, height);
    }

    private PhotoMetadata toPhotoMetadata(int width, int height) {
        OptionalDouble focalMm = positive(number(ExifSubIFDDirectory.class, ExifDirectoryBase.TAG_FOCAL_LENGTH));
        return new PhotoMetadata(
                cameraKey(),
                focalMm,
                focalPixels(focalMm, width, height),
                orientation(),
                position(),
                gimbal(),
                takenAtMillis());
    }

    private String cameraKey() {
        List<String> parts = new ArrayList<>();
        addText(parts, ExifIFD0Directory.class, ExifDirectoryBase.TAG_MAKE);
        addText(parts, ExifIFD0Directory.class, ExifDirectoryBase.TAG_MODEL);
        addText(parts, ExifSubIFDDirectory.class, ExifDirectoryBase.TAG_LENS_MODEL);
        addText(parts, ExifSubIFDDirectory.class, ExifDirectoryBase.TAG_BODY_SERIAL_NUMBER);
        return String.join(" ", parts);
    }

    private int orientation() {
        double value = number(ExifIFD0Directory.class, ExifDirectoryBase.TAG_ORIENTATION)
                .orElse(1);
        return value >= 1 && value <= 8 ? (int) value : 1;
    }

    /** The first that lies within 0.2 to 20 times the long side: a calibrated value, focal plane, 35 mm equivalent. */
    private OptionalDouble focalPixels(OptionalDouble focalMm, int width, int height) {
        double most = Math.max(width, height);
        double[] candidates = {
            xmpNumber("drone-dji:CalibratedFocalLength").orElse(0),
            fromFocalPlane(focalMm, most),
            number(ExifSubIFDDirectory.class, ExifDirectoryBase.TAG_35MM_FILM_EQUIV_FOCAL_LENGTH)
                            .orElse(0)
                    * Math.hypot(width, height)
                    / FILM_DIAGONAL_MM
        };
        for (double f : candidates) {
            if (f >= 0.2 * most && f <= 20 * most) {
                return OptionalDouble.of(f);
            }
        }
        return OptionalDouble.empty();
    }

    private double fromFocalPlane(OptionalDouble focalMm, double longSide) {
        OptionalDouble resolution = number(ExifSubIFDDirectory.class, ExifDirectoryBase.TAG_FOCAL_PLANE_X_RESOLUTION);
        if (focalMm.isEmpty() || resolution.isEmpty()) {
            return 0;
        }
        int unit = (int) number(ExifSubIFDDirectory.class, ExifDirectoryBase.TAG_FOCAL_PLANE_RESOLUTION_UNIT)
                .orElse(2);
        double unitMm = switch (unit) {
            case 3 -> 10;
            case 4 -> 1;
            case 5 -> 0.001;
            default -> 25.4;
        };
        double f = focalMm.getAsDouble() * resolution.getAsDouble() / unitMm;
        // The resolution counts pixels of the picture as it left the camera; a resized copy tells by its EXIF size.
        double exifLongSide = Math.max(
                number(ExifSubIFDDirectory.class, ExifDirectoryBase.TAG_EXIF_IMAGE_WIDTH)
                        .orElse(0),
                number(ExifSubIFDDirectory.class, ExifDirectoryBase.TAG_EXIF_IMAGE_HEIGHT)
                        .orElse(0));
        return exifLongSide > 0 ? f * longSide / exifLongSide : f;
    }

    private Optional<GeoPosition> position() {
        double latitude = Double.NaN;
        double longitude = Double.NaN;
        double height = Double.NaN;
        GpsDirectory gps = metadata.getFirstDirectoryOfType(GpsDirectory.class);
        if (gps != null) {
            GeoLocation location = gps.getGeoLocation();
            // Cameras without a fix write 0, 0.
            if (location != null && !location.isZero()) {
                latitude = location.getLatitude();
                longitude = location.getLongitude();
            }
            OptionalDouble altitude = number(GpsDirectory.class, GpsDirectory.TAG_ALTITUDE);
            if (altitude.isPresent()) {
                boolean below = number(GpsDirectory.class, GpsDirectory.TAG_ALTITUDE_REF)
                                .orElse(0)
                        == 1;
                height = below ? -altitude.getAsDouble() : altitude.getAsDouble();
            }
        }
        if (Double.isNaN(latitude)) {
            latitude = xmpNumber("drone-dji:GpsLatitude").orElse(Double.NaN);
            // Older firmware misspelt the name.
            longitude = xmpNumber("drone-dji:GpsLongitude")
                    .orElseGet(() -> xmpNumber("drone-dji:GpsLongtitude").orElse(Double.NaN));
        }
        if (Double.isNaN(height)) {
            height = xmpNumber("drone-dji:AbsoluteAltitude").orElse(Double.NaN);
        }
        if (!(Math.abs(latitude) <= 90) || !(Math.abs(longitude) <= 180) || (latitude == 0 && longitude == 0)) {
            return Optional.empty();
        }
        return Optional.of(new GeoPosition(latitude, longitude, height));
    }

    private Optional<Attitude> gimbal() {
        OptionalDouble yaw = xmpNumber("drone-dji:GimbalYawDegree");
        OptionalDouble pitch = xmpNumber("drone-dji:GimbalPitchDegree");
        OptionalDouble roll = xmpNumber("drone-dji:GimbalRollDegree");
        return yaw.isPresent() && pitch.isPresent()
                ? Optional.of(new Attitude(yaw.getAsDouble(), pitch.getAsDouble(), roll.orElse(0)))
                : Optional.empty();
    }

    private Optional<Long> takenAtMillis() {
        ExifSubIFDDirectory exif = metadata.getFirstDirectoryOfType(ExifSubIFDDirectory.class);
        // EXIF times mostly lack a zone. Any fixed one serves to compare photos of one camera.
        Date date = exif == null ? null : exif.getDateOriginal(TimeZone.getTimeZone("UTC"));
        return Optional.ofNullable(date).map(Date::getTime);
    }

    private <T extends Directory> OptionalDouble number(Class<T> type, int tag) {
        for (T directory : metadata.getDirectoriesOfType(type)) {
            Double value = directory.getDoubleObject(tag);
            if (value != null && Double.isFinite(value)) {
                return OptionalDouble.of(value);
            }
        }
        return OptionalDouble.empty();
    }

    private <T extends Directory> void addText(List<String> parts, Class<T> type, int tag) {
        for (T directory : metadata.getDirectoriesOfType(type)) {
            String text = directory.getString(tag);
            if (text != null && !text.isBlank()) {
                parts.add(text.strip());
                return;
            }
        }
    }

    private OptionalDouble xmpNumber(String key) {
        return parse(xmp.get(key));
    }

    private static OptionalDouble parse(@Nullable String text) {
        if (text == null) {
            return OptionalDouble.empty();
        }
        try {
            double value = Double.parseDouble(text.strip());
            return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    private static OptionalDouble positive(OptionalDouble value) {
        return value.isPresent() && value.getAsDouble() > 0 ? value : OptionalDouble.empty();
    }
}
