# Tandem as one static binary: no shell, no package, not root, nothing writable
# but the store's folder. Build: docker build -t tandem .
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
ARG TARGETOS TARGETARCH VERSION=dev
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
      go build -trimpath -ldflags "-s -w -X main.version=$VERSION" -o /out/tandem ./cmd/tandem \
 && mkdir -p /out/store && cp /etc/ssl/certs/ca-certificates.crt /out/

FROM scratch
COPY --from=build /out/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/tandem /usr/local/bin/tandem
COPY --from=build --chown=65532:65532 /out/store /var/lib/tandem
USER 65532:65532
WORKDIR /etc/tandem
# tandem.yaml and rules/ are mounted here; the store stands in the volume.
ENV TANDEM_STORE=sqlite:/var/lib/tandem/tandem.db
VOLUME /var/lib/tandem
EXPOSE 8080 8443
ENTRYPOINT ["tandem"]
CMD ["run"]
