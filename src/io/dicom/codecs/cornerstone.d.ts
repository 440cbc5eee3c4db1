declare module "@cornerstonejs/codec-openjpeg/decodewasmjs";
declare module "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs";
