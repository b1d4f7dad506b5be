# The image has the binary, and the loader and the libraries of Debian that it needs. It has no shell. The
# runtime contains the time zones. `make image` puts the binary, its list of contents and NOTICES into dist/.
#   docker build --build-arg VERSION=3.0.0 .
# The first stage runs on the machine that builds, for any of the three platforms.
# The image is that of Debian 13.7, trixie-20260918-slim. The packages that are taken are those of today.
ARG DEBIAN=docker.io/library/debian:trixie-slim@sha256:a99cfc517144bc59b1978475ec53b46ecabec7e43635402ee5b77cc54cd1b20a
FROM --platform=$BUILDPLATFORM $DEBIAN AS files
ARG TARGETARCH
ARG VERSION
COPY packaging/image-files /
COPY packaging/copyright dist/NOTICES dist/sbom-*.cdx.json dist/unix-user-exporter-$VERSION-linux-* /binaries/
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
