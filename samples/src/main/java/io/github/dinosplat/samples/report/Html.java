package io.github.dinosplat.samples.report;

import java.util.Locale;

/** Writes the few elements that the report is made of. Text is escaped, numbers are the same in every locale. */
final class Html {

    private final StringBuilder out = new StringBuilder();

    /** Appends markup as it is. */
    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    /** Appends text, escaped. */
    Html text(String text) {
        return raw(escape(text));
    }

    /** Appends markup with escaped arguments, in the manner of {@link String#format}. */
    Html format(String markup, Object... arguments) {
        Object[] safe = new Object[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            safe[i] = arguments[i] instanceof String s ? escape(s) : arguments[i];
        }
        return raw(String.format(Locale.ROOT, markup, safe));
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
