import { defineConfig } from "vite";

// One ES module that a CRM's page loads with one script tag; nothing else is fetched.
export default defineConfig({
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    sourcemap: false,
    lib: { entry: "src/index.ts", formats: ["es"], fileName: () => "crm-gmail.js" },
    rollupOptions: { output: { inlineDynamicImports: true } },
  },
});
