# The binary, and of Debian the loader and the libraries that it needs; nothing else, so no shell. The
# runtime has the time zones built in. Wants the binary and NOTICES in dist/: see `make image`.
#   docker build --build-arg VERSION=3.0.0 .
# The first stage runs on the machine that builds, for any of the three platforms.
ARG DEBIAN=docker.io/library/debian:trixie-slim
FROM --platform=$BUILDPLATFORM $DEBIAN AS files
ARG TARGETARCH
ARG VERSION
COPY packaging/image-files /
COPY packaging/copyright dist/NOTICES dist/unix-user-exporter-$VERSION-linux-* /binaries/
RUN ["/bin/sh", "/image-files", "/files"]

FROM scratch
ARG VERSION
LABEL org.opencontainers.image.title="unix-user-exporter" \
  org.opencontainers.image.description="Prometheus exporter that tells who is logged in" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="$VERSION"
COPY --from=files /files /
USER 65534:65534
EXPOSE 32142
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/usr/bin/unix-user-exporter", "--healthcheck"]
ENTRYPOINT ["/usr/bin/unix-user-exporter"]
